import type { EventId, RecordedEvent } from '@sentinel/contracts/kernel';

/** One look at one key, by the process that holds the workflow's lease. */
export type Step = {
  readonly key: string;
  /** The newest event that concerned the key; undefined when it is the clock that asks. */
  readonly cause: EventId | undefined;
  /**
   * An id for what the step does, reckoned from workflow, key, cause and `purpose`, so that a step
   * taken twice gives one id. Without an event the purpose must name the occasion.
   */
  readonly idFor: (purpose: string) => string;
  /** Aborts when the lease is lost or the process ends: nothing more is to be begun. */
  readonly signal: AbortSignal;
};

/**
 * What acts. It reads the log and the clock and issues commands, which are its only effect; it never
 * decides and never writes events. A step may come twice, after a death or a change of the process:
 * its commands are idempotent by their ids and by the deciders that take them.
 */
export type Workflow = {
  /** Lease and checkpoint go by it. */
  readonly name: string;
  /** The key that an event concerns, such as its stream. Events of one key that come together are one step. */
  readonly concerns: (event: RecordedEvent) => string | undefined;
  /** Keys that are looked at from the start, whatever the log holds. */
  readonly keys?: () => Promise<readonly string[]>;
  /**
   * Steps of one key come one after another, those of different keys side by side. Answers after how
   * many milliseconds it wants to look again without an event; undefined for not at all.
   * @throws when it could not be done: then it is tried again, after pauses that grow
   */
  readonly step: (step: Step) => Promise<number | undefined>;
};

export type WorkflowHealth = {
  readonly name: string;
  /** Whether this process works under the name. */
  readonly holds: boolean;
  /** Keys that wait for their step, or for its repetition. */
  readonly waiting: number;
  /** What the last failed step, or the last try to get at lease or log, failed with. */
  readonly problem: string | undefined;
};

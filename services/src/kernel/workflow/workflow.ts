import type { RecordedEvent } from '@sentinel/contracts/kernel';
import type { Fence } from '../fence.ts';

/**
 * What a derived id goes by: the id of the event that led to the command, or, where the clock did,
 * the instant for which the work was due (a session's opening, never the time that it is).
 */
export type Cause = string | Temporal.Instant;

/** One look at one key. It is told that there may be work, not what: the log says that. */
export type WorkflowStep = {
  readonly key: string;
  /**
   * The newest event that called for this step; undefined when the clock did. Those that came shortly
   * before it are taken together with it, so which one this is depends on the pace of the process.
   */
  readonly cause: RecordedEvent | undefined;
  /**
   * The id of a command: the same for the same workflow, key, cause and purpose, whoever steps and
   * how often. The cause is the event that the step found in the log, since `cause` above may differ
   * from one run to the next. @throws RangeError when a text is not an id
   */
  readonly idFor: (cause: Cause, purpose: string) => string;
  /** Aborts when the process may not act any more, or the step has taken too long. */
  readonly signal: AbortSignal;
  /**
   * Holds back what comes from a step whose lease is over: commands are sent `under` it, and it is to
   * be asked right before what leaves the house. @throws LeaseLost
   */
  readonly fence: Fence;
};

/**
 * A resident: it reads the log and the clock and issues commands, and never decides. A step does all
 * that is to be done for its key, reading the state of things by itself; it may run again after
 * having taken effect, so that every command carries a derived id.
 */
export type Workflow = {
  /** Its lease and its checkpoint go by this name; a renamed workflow begins anew. */
  readonly name: string;
  /** The key, such as a session's stream, that an event calls a step for, if any. Pure and quick. */
  readonly concerns: (event: RecordedEvent) => string | undefined;
  /** Keys that have to be looked at without any event, asked once whenever the lease is taken. */
  readonly keys?: () => readonly string[];
  /**
   * How long after a step of a key its next one waits, so that what comes in this moment shares it; at
   * once unless given. The first step after a pause is never held up.
   */
  readonly gatherMs?: number;
  /**
   * Answers when it wants to be called again at the latest if no event comes, or undefined when only
   * an event can bring work. What it throws is tried again, after pauses that grow.
   */
  readonly step: (step: WorkflowStep) => Promise<{ readonly againMs: number } | undefined>;
};

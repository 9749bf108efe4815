import {
  beforeAll,
  type Digest,
  LeaseLost,
  type LogPosition,
  type Timer,
  type WorkflowStore,
  WorkflowStoreUnavailable,
} from '@sentinel/contracts/kernel';
import { leaseHold } from './lease-hold.ts';
import { retryPauseMs, type WorkflowLimits } from './limits.ts';
import type { LogReader } from './log-feed.ts';
import { type WorkflowProblem, wordsOf } from './problems.ts';
import type { HearStep } from './run-step.ts';
import { type Tenure, tenure } from './tenure.ts';
import { orAborted } from './waiting.ts';
import type { Workflow } from './workflow.ts';

export type WorkflowHealth = {
  readonly name: string;
  /** Whether this process runs it; of several processes one does. */
  readonly holds: boolean;
  /** Up to here everything is stepped; undefined where it is not held. */
  readonly logPosition: LogPosition | undefined;
  /** Keys with events that no step has covered, and for how long it has been behind the log. */
  readonly lag: { readonly keys: number; readonly ms: number };
  /** What fails and is tried again. */
  readonly problem: string | undefined;
};

export type ResidentOptions = {
  readonly workflow: Workflow;
  readonly workflowStore: WorkflowStore;
  readonly timer: Timer;
  readonly digest: Digest;
  readonly owner: string;
  readonly limits: WorkflowLimits;
  readonly onProblem: (problem: WorkflowProblem) => void;
  readonly hearStep?: HearStep | undefined;
  /** It begins or ceases to read the log, or has room again. */
  readonly onReading: () => void;
};

/** One workflow in one process: it asks for its lease, works while it holds it, and asks again. */
export type Resident = {
  /** Works until `stop` aborts, then ends what is under way; lets go of everything when `dead` does. */
  readonly run: (stop: AbortSignal, dead: AbortSignal) => Promise<void>;
  readonly reader: () => LogReader | undefined;
  readonly wake: (key: string) => void;
  readonly health: () => WorkflowHealth;
};

const nothing = { logPosition: beforeAll, keys: [] };

export const resident = (options: ResidentOptions): Resident => {
  const { workflow, workflowStore, timer, limits, owner, onReading } = options;
  const { name } = workflow;
  let now: Tenure | undefined;
  let problem: string | undefined;

  const onBeat = (error: unknown): void => {
    if (error !== undefined && problem === undefined)
      options.onProblem({ workflow: name, key: undefined, error });
    problem = error === undefined ? undefined : wordsOf(error);
  };

  /** Holds the lease for once, if it is to be had. */
  const serve = async (stop: AbortSignal, dead: AbortSignal): Promise<void> => {
    const askedMs = timer.nowMs();
    const lease = await orAborted(workflowStore.acquire(name, owner, limits.ttlMs), dead);
    if (lease === undefined) return onBeat(undefined);
    const { epoch } = lease;
    const hold = leaseHold({ ...options, name, epoch, askedMs, ttlMs: limits.ttlMs, dead });
    try {
      const start = await orAborted(workflowStore.checkpoint(name), hold.lost);
      if (!stop.aborted) {
        now = tenure({ ...options, hold, start: start ?? nothing, onRoom: onReading, onBeat });
        onReading();
        await now.run(stop);
      }
      if (hold.holds()) await orAborted(workflowStore.release(name, epoch), hold.lost);
    } finally {
      hold.end();
      now = undefined;
      onReading();
    }
    if (hold.lost.aborted) throw hold.lost.reason;
  };

  const run = async (stop: AbortSignal, dead: AbortSignal): Promise<void> => {
    let failures = 0;
    while (!stop.aborted) {
      let pauseMs = limits.pollMs;
      try {
        await serve(stop, dead);
        failures = 0;
      } catch (error) {
        if (dead.aborted) return;
        failures += 1;
        // A lease that is lost is asked for again: another has it, or soon nobody.
        if (!(error instanceof LeaseLost)) onBeat(error);
        if (!(error instanceof LeaseLost || error instanceof WorkflowStoreUnavailable))
          pauseMs = retryPauseMs(failures, limits.retryMs, error);
      }
      await timer.pause(pauseMs, stop);
    }
  };

  return {
    run,
    reader: () => now?.reader(),
    wake: (key) => now?.steps.call(key),
    health: () => ({
      name,
      holds: now?.holds() ?? false,
      logPosition: now?.steps.checkpoint().logPosition,
      lag: now?.steps.lag() ?? { keys: 0, ms: 0 },
      problem: problem ?? now?.steps.problem(),
    }),
  };
};

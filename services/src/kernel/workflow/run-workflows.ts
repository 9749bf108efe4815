import type { Digest, EventStore, Timer, WorkflowStore } from '@sentinel/contracts/kernel';
import { usualLimits, type WorkflowLimits } from './limits.ts';
import { logFeed } from './log-feed.ts';
import type { WorkflowProblem } from './problems.ts';
import { resident, type WorkflowHealth } from './resident.ts';
import type { HearStep } from './run-step.ts';
import { endsWithin } from './waiting.ts';
import type { Workflow } from './workflow.ts';

export type WorkflowsOptions = {
  readonly workflows: readonly Workflow[];
  readonly eventStore: EventStore;
  readonly workflowStore: WorkflowStore;
  readonly timer: Timer;
  readonly digest: Digest;
  /** Names this run of this process, and no other: leases go by it. */
  readonly owner: string;
  /** Called once when something begins to fail; it is tried again all the same. */
  readonly onProblem: (problem: WorkflowProblem) => void;
  readonly limits?: Partial<WorkflowLimits>;
  readonly hearStep?: HearStep | undefined;
};

export type RunningWorkflows = {
  readonly health: () => readonly WorkflowHealth[];
  /**
   * A hint that what waits for the clock under this key had better be looked at now. Nothing may
   * depend on it.
   */
  readonly wake: (key: string) => void;
  /** Ends the steps under way, saves the checkpoints and gives the leases back, within a bound. */
  readonly stop: () => Promise<void>;
};

/** How long steps may take to end once their signal has aborted. */
const graceMs = 1_000;

/**
 * Runs workflows until `stop`: one subscription to the log for all of them, a lease for each.
 * @throws RangeError when two have one name
 */
export const runWorkflows = (options: WorkflowsOptions): RunningWorkflows => {
  const { workflows, timer, onProblem } = options;
  const names = new Set(workflows.map(({ name }) => name));
  if (names.size < workflows.length) throw new RangeError('two workflows have one name');
  const limits = { ...usualLimits, ...options.limits };
  const stopping = new AbortController();
  const dead = new AbortController();

  const residents = workflows.map((workflow) =>
    resident({ ...options, workflow, limits, onReading: () => feed.changed() }),
  );
  const feed = logFeed({
    ...options,
    retryMs: limits.retryMs,
    readers: () => residents.map(({ reader }) => reader()).filter((each) => each !== undefined),
    onProblem: (error) => onProblem({ workflow: 'all', key: undefined, error }),
  });
  const ended = Promise.all([
    feed.run(stopping.signal),
    ...residents.map(({ run }) => run(stopping.signal, dead.signal)),
  ]);

  const stop = async (): Promise<void> => {
    stopping.abort();
    if (await endsWithin(ended, limits.stopMs, timer)) return;
    dead.abort(new Error(`the workflows have not ended within ${limits.stopMs} ms`));
    if (await endsWithin(ended, graceMs, timer)) return;
    onProblem({ workflow: 'all', key: undefined, error: dead.signal.reason });
  };

  return {
    health: () =>
      residents.map(({ health }) => {
        const of = health();
        return { ...of, problem: of.problem ?? (of.holds ? feed.problem() : undefined) };
      }),
    wake: (key) => {
      for (const { wake } of residents) wake(key);
    },
    stop,
  };
};

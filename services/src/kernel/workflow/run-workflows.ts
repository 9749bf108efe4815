import {
  type Digest,
  type EventStore,
  LeaseLost,
  type WorkflowStore,
  type WorkLease,
} from '@sentinel/contracts/kernel';
import { pause } from './pause.ts';
import { type Work, work } from './work.ts';
import type { Workflow, WorkflowHealth } from './workflow.ts';

/** How long a lease lasts that nobody renews: another process takes over within it and a third. */
const leaseMs = 2_000;
const checkpointEveryMs = 500;
/** How long a stop waits for the steps that are under way. */
const stopWithinMs = 5_000;

export type WorkflowsOptions = {
  readonly workflows: readonly Workflow[];
  readonly eventStore: Pick<EventStore, 'subscribeToAll'>;
  readonly workflowStore: WorkflowStore;
  /** Names this process among all that may take the leases. */
  readonly owner: string;
  readonly digest: Digest;
  /** A clock of this process that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Called once when a workflow begins to fail, and not again before it has gone on. */
  readonly onProblem: (name: string, error: unknown) => void;
  readonly ttlMs?: number;
};

export type Workflows = {
  readonly health: () => readonly WorkflowHealth[];
  /** Ends the steps under way, saves how far they are, and gives the leases back. */
  readonly stop: () => Promise<void>;
};

/**
 * Keeps every workflow at work in one process among all that share a store: whoever holds the lease
 * works, the others wait for it. A process that cannot renew stops by its own clock before the lease
 * expires by the store's.
 */
export const runWorkflows = (options: WorkflowsOptions): Workflows => {
  const stopping = new AbortController();
  const residents = options.workflows.map((workflow) =>
    residentOf(workflow, options, stopping.signal),
  );
  return {
    health: () => residents.map(({ health }) => health()),
    stop: async () => {
      stopping.abort();
      await Promise.all(residents.map(({ ended }) => ended));
    },
  };
};

type Held = {
  readonly lease: WorkLease;
  readonly doing: Work;
  /** Ends the work. */
  readonly ending: AbortController;
  /** When the lease was asked for, by this process's clock. */
  readonly since: number;
};

const residentOf = (workflow: Workflow, options: WorkflowsOptions, stop: AbortSignal) => {
  const { workflowStore, owner, monotonicMs, onProblem, ttlMs = leaseMs } = options;
  const { name } = workflow;
  let current: Work | undefined;
  let problem: string | undefined;

  const report = (error: unknown): void => {
    if (error === undefined) {
      problem = undefined;
      return;
    }
    if (problem === undefined) onProblem(name, error);
    problem = error instanceof Error ? error.message : String(error);
  };

  /**
   * Renews, and saves how far the work is, until the lease is lost or may be: an answer that has not
   * come when it would expire is as good as none.
   */
  const hold = async ({ lease, doing, ending, since }: Held): Promise<void> => {
    let until = since + ttlMs;
    let saved = doing.settled();
    const either = AbortSignal.any([stop, ending.signal]);
    while (!either.aborted) {
      await pause(Math.min(ttlMs / 3, checkpointEveryMs), either);
      if (either.aborted) return;
      const asked = monotonicMs();
      if (asked >= until) return;
      try {
        const late = pause(until - asked, either).then(() => false);
        if (!(await Promise.race([workflowStore.renew(lease, ttlMs), late]))) return;
        until = asked + ttlMs;
        const settled = doing.settled();
        if (settled !== saved) await workflowStore.saveCheckpoint(lease, settled);
        saved = settled;
      } catch (error) {
        if (error instanceof LeaseLost) return;
        report(error);
      }
    }
  };

  const worked = async (lease: WorkLease, since: number): Promise<void> => {
    const from = await workflowStore.checkpoint(name);
    const ending = new AbortController();
    const doing = work({ ...options, workflow, from, onProblem: report });
    current = doing;
    const running = doing.run(ending.signal).finally(() => ending.abort());
    await hold({ lease, doing, ending, since });
    current = undefined;
    ending.abort();
    // A step that does not end is left behind: its commands may be given twice like any others.
    await Promise.race([running, pause(stopWithinMs, new AbortController().signal)]);
    await workflowStore.saveCheckpoint(lease, doing.settled());
    await workflowStore.release(lease);
  };

  const live = async (): Promise<void> => {
    while (!stop.aborted) {
      try {
        const since = monotonicMs();
        const lease = await workflowStore.acquire(name, { owner, ttlMs });
        if (lease === undefined) await pause(ttlMs / 3, stop);
        else {
          report(undefined);
          await worked(lease, since);
        }
      } catch (error) {
        current = undefined;
        if (error instanceof LeaseLost) continue;
        report(error);
        await pause(ttlMs / 3, stop);
      }
    }
  };

  return {
    ended: live(),
    health: (): WorkflowHealth => ({
      name,
      holds: current !== undefined,
      waiting: current?.waiting() ?? 0,
      problem,
    }),
  };
};

import { LeaseLost, type Timer, type WorkflowStore } from '@sentinel/contracts/kernel';
import { orAborted } from './waiting.ts';

/** A lease as its holder sees it. */
export type LeaseHold = {
  readonly epoch: bigint;
  /** Aborts when this process may not act any more, well before another may. */
  readonly lost: AbortSignal;
  /** Whether it may act now; it asks the clock, since a process that stood still hears no alarm. */
  readonly holds: () => boolean;
  /** @throws LeaseLost */
  readonly fence: () => void;
  /** @throws LeaseLost, WorkflowStoreUnavailable */
  readonly renew: () => Promise<void>;
  /** Gives up what is held, for a reason. */
  readonly lose: (reason: unknown) => void;
  /** Ends the watch over it. */
  readonly end: () => void;
};

/**
 * The store counts from when it heard the request and we from before we asked, so that our time is
 * over first. The last quarter is for steps under way to end.
 */
const usableShare = 0.75;

export const leaseHold = (options: {
  readonly name: string;
  readonly epoch: bigint;
  /** When the lease was asked for. */
  readonly askedMs: number;
  readonly ttlMs: number;
  readonly workflowStore: WorkflowStore;
  readonly timer: Timer;
  /** Aborts when the process must let go of everything. */
  readonly dead: AbortSignal;
}): LeaseHold => {
  const { name, epoch, ttlMs, workflowStore, timer } = options;
  const given = new AbortController();
  const over = new AbortController();
  const lost = AbortSignal.any([given.signal, options.dead]);
  let boundMs = options.askedMs + ttlMs * usableShare;

  const holds = (): boolean => {
    if (!over.signal.aborted && timer.nowMs() >= boundMs) given.abort(new LeaseLost(name, epoch));
    return !lost.aborted && !over.signal.aborted;
  };
  const watch = async (): Promise<void> => {
    while (holds()) await timer.pause(boundMs - timer.nowMs(), over.signal);
  };
  void watch();

  return {
    epoch,
    lost,
    holds,
    fence: () => {
      if (!holds()) throw new LeaseLost(name, epoch);
    },
    renew: async () => {
      const askedMs = timer.nowMs();
      await orAborted(workflowStore.renew(name, epoch, ttlMs), lost);
      boundMs = askedMs + ttlMs * usableShare;
    },
    lose: (reason) => given.abort(reason),
    end: () => over.abort(),
  };
};

import {
  LeaseLost,
  type WorkflowCheckpoint,
  type WorkflowStore,
  WorkflowStoreUnavailable,
} from '@sentinel/contracts/kernel';

/** What is kept of one workflow. */
export type WorkflowRow = {
  readonly epoch: bigint;
  /** Undefined once the lease was given back. */
  readonly owner: string | undefined;
  readonly expiresMs: number;
  readonly checkpoint: WorkflowCheckpoint | undefined;
};

/**
 * Leases and checkpoints in memory: for one process, tests and backtests. Stores that share `rows`
 * see each other as two processes on one database would; `nowMs` is the clock of all of them.
 */
export const memoryWorkflowStore = ({
  nowMs,
  rows = new Map(),
}: {
  readonly nowMs: () => number;
  readonly rows?: Map<string, WorkflowRow>;
}): WorkflowStore => {
  let closed = false;
  const row = (name: string): WorkflowRow | undefined => {
    if (closed) throw new WorkflowStoreUnavailable('the workflow store is closed');
    return rows.get(name);
  };
  const held = (name: string, epoch: bigint): WorkflowRow => {
    const found = row(name);
    if (found?.owner === undefined || found.epoch !== epoch) throw new LeaseLost(name, epoch);
    return found;
  };

  return {
    acquire: async (name, owner, ttlMs) => {
      const old = row(name);
      const ours = old?.owner === owner;
      if (old?.owner !== undefined && !ours && old.expiresMs > nowMs()) return undefined;
      const epoch = (old?.epoch ?? 0n) + (ours ? 0n : 1n);
      const checkpoint = old?.checkpoint;
      rows.set(name, { epoch, owner, expiresMs: nowMs() + ttlMs, checkpoint });
      return { epoch };
    },
    renew: async (name, epoch, ttlMs) => {
      rows.set(name, { ...held(name, epoch), expiresMs: nowMs() + ttlMs });
    },
    release: async (name, epoch) => {
      const found = row(name);
      if (found?.epoch === epoch) rows.set(name, { ...found, owner: undefined });
    },
    checkpoint: async (name) => row(name)?.checkpoint,
    saveCheckpoint: async (name, epoch, checkpoint) => {
      const found = held(name, epoch);
      if (found.checkpoint !== undefined && found.checkpoint.logPosition > checkpoint.logPosition)
        return;
      rows.set(name, { ...found, checkpoint });
    },
    close: async () => {
      closed = true;
    },
  };
};

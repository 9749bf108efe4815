import {
  beforeAll,
  LeaseLost,
  type Position,
  type WorkflowStore,
} from '@sentinel/contracts/kernel';

type Entry = { owner: string; epoch: bigint; expiresAtMs: number; position: Position };

/** Leases of one process, or of several that a test plays in one. */
export const memoryWorkflowStore = ({
  nowMs,
}: {
  /** The store's clock, in milliseconds. */
  readonly nowMs: () => number;
}): WorkflowStore => {
  const entries = new Map<string, Entry>();
  const held = (lease: { readonly name: string; readonly epoch: bigint }): Entry | undefined => {
    const entry = entries.get(lease.name);
    return entry?.epoch === lease.epoch ? entry : undefined;
  };
  return {
    acquire: async (name, { owner, ttlMs }) => {
      const entry = entries.get(name);
      if (entry !== undefined && entry.owner !== owner && entry.expiresAtMs > nowMs())
        return undefined;
      const epoch = (entry?.epoch ?? 0n) + (entry?.owner === owner ? 0n : 1n);
      const position = entry?.position ?? beforeAll;
      entries.set(name, { owner, epoch, expiresAtMs: nowMs() + ttlMs, position });
      return { name, owner, epoch };
    },
    renew: async (lease, ttlMs) => {
      const entry = held(lease);
      if (entry === undefined) return false;
      entry.expiresAtMs = nowMs() + ttlMs;
      return true;
    },
    release: async (lease) => {
      const entry = held(lease);
      if (entry !== undefined) entry.expiresAtMs = Number.NEGATIVE_INFINITY;
    },
    checkpoint: async (name) => entries.get(name)?.position ?? beforeAll,
    saveCheckpoint: async (lease, position) => {
      const entry = held(lease);
      if (entry === undefined) throw new LeaseLost(`${lease.name} is another's now`);
      entry.position = position;
    },
    close: async () => undefined,
  };
};

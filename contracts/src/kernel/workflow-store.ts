import type { Position } from './event-store.ts';

/**
 * Leave to work under a name, until it expires by the store's own clock. The epoch grows with every
 * change of owner: what an owner of an older epoch still wants to save is refused.
 */
export type WorkLease = {
  readonly name: string;
  readonly owner: string;
  readonly epoch: bigint;
};

/**
 * Where workflows keep who works and how far they are. Every adapter passes one contract suite
 * (infra/src/contract-tests). What it throws is one of the errors below.
 */
export type WorkflowStore = {
  /**
   * Takes a lease that is free, expired or the owner's already; undefined while another holds it.
   * @throws WorkflowStoreUnavailable
   */
  readonly acquire: (
    name: string,
    by: { readonly owner: string; readonly ttlMs: number },
  ) => Promise<WorkLease | undefined>;
  /** Makes it last `ttlMs` from now; false when another has taken it. @throws WorkflowStoreUnavailable */
  readonly renew: (lease: WorkLease, ttlMs: number) => Promise<boolean>;
  /** Gives it back, so that another need not wait; one that is lost already is let be. */
  readonly release: (lease: WorkLease) => Promise<void>;
  /** The position up to which everything is done; `beforeAll` for a name that never saved one. */
  readonly checkpoint: (name: string) => Promise<Position>;
  /** @throws LeaseLost when another has taken the lease since, WorkflowStoreUnavailable */
  readonly saveCheckpoint: (lease: WorkLease, position: Position) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Another process works under the name now. Nothing was saved. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The store cannot be reached; whether the change took effect is not known. */
export class WorkflowStoreUnavailable extends Error {
  override readonly name = 'WorkflowStoreUnavailable';
}

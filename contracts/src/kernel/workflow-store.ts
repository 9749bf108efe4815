import type { LogPosition } from './event-store.ts';

/** How far a workflow has come, so that whoever holds it next goes on from there. */
export type WorkflowCheckpoint = {
  /** Every event up to here that concerns the workflow has been stepped. */
  readonly logPosition: LogPosition;
  /** The keys that wait for the clock, not for an event: they are looked at after a restart. */
  readonly keys: readonly string[];
};

/**
 * Who may run which workflow, and how far each has come. A lease goes by the workflow's name and
 * ends by the store's clock, never by that of a process. Each change of owner raises the epoch; an
 * epoch that is not the newest, or was given back, is refused. Every call throws
 * WorkflowStoreUnavailable when the store cannot be reached; whether it took effect is then unknown.
 */
export type WorkflowStore = {
  /**
   * Takes the lease when it is free, expired or already the owner's, for `ttlMs` milliseconds from
   * now; undefined while another holds it. An owner is one run of one process.
   */
  readonly acquire: (
    name: string,
    owner: string,
    ttlMs: number,
  ) => Promise<{ readonly epoch: bigint } | undefined>;
  /** Holds it for `ttlMs` from now, even when it had expired and nobody has come since. @throws LeaseLost */
  readonly renew: (name: string, epoch: bigint, ttlMs: number) => Promise<void>;
  /** Gives it back, so that the next one need not wait. Of a lease that is lost there is nothing to give. */
  readonly release: (name: string, epoch: bigint) => Promise<void>;
  /** Undefined when none was ever saved. */
  readonly checkpoint: (name: string) => Promise<WorkflowCheckpoint | undefined>;
  /** One whose position lies before the saved one changes nothing: it was overtaken. @throws LeaseLost */
  readonly saveCheckpoint: (
    name: string,
    epoch: bigint,
    checkpoint: WorkflowCheckpoint,
  ) => Promise<void>;
  /** Ends this store for this process; leases stay as they are. */
  readonly close: () => Promise<void>;
};

/** The lease is not, or no longer, this process's: another may be at work. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly workflow: string;
  constructor(workflow: string, epoch: bigint) {
    super(`the lease of the workflow ${workflow} is lost: epoch ${epoch} no longer holds it`);
    this.workflow = workflow;
  }
}

/** The store of leases and checkpoints cannot be reached. */
export class WorkflowStoreUnavailable extends Error {
  override readonly name = 'WorkflowStoreUnavailable';
}

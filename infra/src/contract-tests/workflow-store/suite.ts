import type { LogPosition, WorkflowStore } from '@sentinel/contracts/kernel';
import { newId } from '../../runtime/index.ts';

export type WorkflowStoreSuite = {
  /** Two stores on the same data, as two processes have them. */
  readonly one: () => WorkflowStore;
  readonly two: () => WorkflowStore;
};

export const longMs = 600_000;
export const pastMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** A name that no workflow has had. */
export const fresh = () => `workflow ${newId()}`;
export const at = (position: bigint, ...keys: string[]) => ({
  logPosition: position as LogPosition,
  keys,
});
export const epochOf = (lease: { readonly epoch: bigint } | undefined): bigint => {
  if (lease === undefined) throw new Error('the lease was not to be had');
  return lease.epoch;
};

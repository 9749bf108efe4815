import type { SharedState } from '@sentinel/contracts/kernel';
import { newId } from '../../runtime/index.ts';

export type SharedStateSuite = {
  /** What is shared, as two processes have it. */
  readonly one: () => SharedState;
  readonly two: () => SharedState;
};

export const longMs = 600_000;
export const fresh = () => `name ${newId()}`;
export const tokenOf = (lease: { readonly token: bigint } | undefined): bigint => {
  if (lease === undefined) throw new Error('the lease was not to be had');
  return lease.token;
};

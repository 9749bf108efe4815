import { EventStoreUnavailable, WorkflowStoreUnavailable } from '@sentinel/contracts/kernel';

export type WorkflowLimits = {
  /** How long a lease lasts unrenewed. It is renewed at a third of that. */
  readonly ttlMs: number;
  /** How often a process that holds no lease asks for it: takeover takes this and `ttlMs` at most. */
  readonly pollMs: number;
  /** Keys of one workflow that are stepped side by side. */
  readonly width: number;
  /** Keys with events that are not stepped yet, at which a workflow reads no further. */
  readonly unsettledKeys: number;
  /** Keys that may wait for the clock; a step that would add one more fails. */
  readonly clockKeys: number;
  /** Pauses after failures double from the least to the most; those after an outage end at 1 s. */
  readonly retryMs: { readonly least: number; readonly most: number };
  /** How long a step may take before its signal aborts. */
  readonly stepMs: number;
  /** How long the steps under way may go on once a stop is asked for. */
  readonly stopMs: number;
};

/** A killed process is replaced within 2.5 s. */
export const usualLimits: WorkflowLimits = {
  ttlMs: 2_000,
  pollMs: 500,
  width: 8,
  unsettledKeys: 1_000,
  clockKeys: 10_000,
  retryMs: { least: 100, most: 10_000 },
  stepMs: 60_000,
  stopMs: 5_000,
};

const outageMostMs = 1_000;
const doublings = 20;

const isOutage = (error: unknown): boolean =>
  error instanceof EventStoreUnavailable || error instanceof WorkflowStoreUnavailable;

/** The pause after the n-th failure in a row, from 1. */
export const retryPauseMs = (
  failures: number,
  { least, most }: WorkflowLimits['retryMs'],
  error: unknown,
): number => {
  const grown = least * 2 ** Math.min(failures - 1, doublings);
  return Math.min(grown, isOutage(error) ? Math.min(outageMostMs, most) : most);
};

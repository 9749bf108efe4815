import type { WindDown } from '@sentinel/contracts/execution';
import type { Money, WindDownId } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';

/** Winds down: what only opens is canceled at once, what protects a position is left to whoever closes it. */
export type RequestWindDown = {
  readonly type: 'RequestWindDown';
  readonly wish: Omit<WindDown, 'held'>;
  /** Its key's use in a session before this one. */
  readonly earlierUse: WindDown | null;
};

/** Cancels what stands in the way of a closing order, for a wish to wind down. */
export type ClearTheWay = {
  readonly type: 'ClearTheWay';
  readonly windDownId: WindDownId;
  readonly symbol: Ticker;
  readonly at: Temporal.Instant;
};

/** A new epoch of a paper account. */
export type ResetPaper = {
  readonly type: 'ResetPaper';
  readonly cash: Money;
  readonly givenReason: string | null;
  readonly requestedBy: string;
  readonly idempotencyKey: string | null;
  readonly at: Temporal.Instant;
};

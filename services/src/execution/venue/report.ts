import type { Price, Quantity } from '@sentinel/contracts/kernel';

/** What the paper venue says of one order at one moment, in the order in which it happened. */
export type PaperReport =
  | { readonly type: 'accepted' | 'replaced' | 'expired'; readonly at: Temporal.Instant }
  | {
      readonly type: 'rejected' | 'replace_rejected' | 'canceled' | 'unknown';
      readonly reason: string;
      readonly at: Temporal.Instant;
    }
  | {
      readonly type: 'triggered' | 'stop_moved';
      readonly stopAt: Price;
      readonly at: Temporal.Instant;
    }
  | FillReport;

export type FillReport = {
  readonly type: 'fill';
  /** Counts the order's executions from 1: a number that was taken before is the same execution. */
  readonly execution: number;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly at: Temporal.Instant;
};

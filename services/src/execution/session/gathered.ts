import type { Ticker } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';

/** What the facts of a command were gathered for: on another state they may not be enough. */
export type Gathered = {
  /** Symbols whose marks were asked for, whether or not the market had one. */
  readonly symbols: readonly Ticker[];
  /** Those of them whose correlation with the intent's could not be measured. */
  readonly uncorrelated: readonly Ticker[];
  readonly intent: OrderIntent;
};

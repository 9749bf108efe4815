import { z } from 'zod';
import {
  instantSchema,
  type Quantity,
  quantitySchema,
  type TradingDate,
  tradingDateSchema,
} from '../kernel/index.ts';
import type { BarSeries, Timeframe } from './bars.ts';
import type { CorporateAction } from './corporate-action.ts';
import type { MarketSource, Quote, Trade } from './quote.ts';
import type { Ticker } from './symbol.ts';

/** The exchange session around an instant, by the provider's calendar. */
export const marketSessionSchema = z.strictObject({
  state: z.enum(['open', 'closed']),
  /** The trading date that an order placed now belongs to. */
  date: tradingDateSchema,
  /** Opening and closing of that date's session; null where the market never closes. */
  opensAt: instantSchema.nullable(),
  closesAt: instantSchema.nullable(),
  calendar: z.string(),
});
export type MarketSession = z.output<typeof marketSessionSchema>;

export type BarRequest = {
  readonly timeframe: Timeframe;
  /** At most 5,000. */
  readonly limit: number;
  /** Only bars that were complete at this instant; the default is now. */
  readonly asOf?: Temporal.Instant;
};

/** What is known of a listed instrument beside its prices. */
export type Instrument = {
  readonly symbol: Ticker;
  readonly name: string;
  readonly sector: string | null;
  /** Present and true where a simulated market has made it up: no company is meant. */
  readonly madeUp?: true;
  /** What a short sale could borrow now; absent where the provider does not know. */
  readonly borrow?: BorrowTerms;
};

/** A locate: shares to be had, and what they cost a year in basis points of their value. */
export const borrowTermsSchema = z.strictObject({
  available: quantitySchema,
  annualFeeBps: z.int().min(0).max(1_000_000),
});
export type BorrowTerms = z.output<typeof borrowTermsSchema>;

/** A bar by its span, and the shares that are traded in the whole of it. */
export type BarVolume = {
  readonly start: Temporal.Instant;
  readonly end: Temporal.Instant;
  readonly volume: Quantity;
};

/** Prices between which quotes are to stay, and up to when. */
export type StaysWithin = {
  readonly over: bigint;
  readonly under: bigint;
  readonly until: Temporal.Instant;
};

/** Ex-dates from one to another, both included; of all symbols where none are named. */
export type ActionsWanted = {
  readonly from: TradingDate;
  readonly to: TradingDate;
  readonly symbols?: readonly Ticker[];
};

/**
 * The market as one provider shows it. Never a mixture: what it cannot answer it says, and nothing
 * falls back to another source. Every time is of the market's own clock, which a replay of history
 * runs faster than the wall's.
 */
export type MarketData = {
  readonly source: MarketSource;
  /** The market's clock. Never runs backwards within one process. */
  readonly now: () => Temporal.Instant;
  readonly session: (at: Temporal.Instant) => MarketSession;
  /** When the data of a replay ends: from then on nothing trades. Absent where the market goes on. */
  readonly endsAt?: Temporal.Instant;
  /** Undefined when the provider does not know the symbol. @throws MarketDataUnavailable */
  readonly instrument: (symbol: Ticker) => Promise<Instrument | undefined>;
  /** The quote at the market's now; undefined when the symbol has none. @throws MarketDataUnavailable */
  readonly quote: (symbol: Ticker) => Promise<Quote | undefined>;
  /**
   * The last trade in a symbol, however long ago, at a price in today's shares and without the dividends
   * that were paid on them since; undefined before its first. @throws MarketDataUnavailable
   */
  readonly lastTrade: (symbol: Ticker) => Promise<Trade | undefined>;
  /**
   * Whether the symbol has traded for the last time, as the provider says: delisted, or without another bar
   * in a replay that goes on. Absent where the provider cannot say. @throws MarketDataUnavailable
   */
  readonly hasEnded?: (symbol: Ticker) => Promise<boolean>;
  /**
   * The market at one instant, by default now: its clock stands still, and no answer knows what came
   * after. A provider that cannot stand still answers itself when it is asked for now.
   */
  readonly freeze: (at?: Temporal.Instant) => MarketData;
  /**
   * The smallest bar around now, without volume where nobody trades; undefined for an unknown symbol. It
   * counts what is yet to come of the bar, and so is for a simulated venue alone, which lets nobody take
   * more than their share of it. Absent where the provider does not simulate. @throws MarketDataUnavailable
   */
  readonly volumeAround?: (symbol: Ticker) => Promise<BarVolume | undefined>;
  /**
   * The first moment from now on, up to `until`, at which a quote of the symbol may touch or leave what lies
   * between `over` and `under`, with bid, ask and last; it may name an earlier one, and is `until` where there
   * is none. It knows what is to come, and so is for a simulated venue alone, which need not look at
   * moments that say nothing. Absent where the provider does not simulate. @throws MarketDataUnavailable
   */
  readonly staysUntil?: (symbol: Ticker, within: StaysWithin) => Promise<Temporal.Instant>;
  /**
   * Completed bars, oldest first, in today's shares: after every split that `corporateActions` tells until
   * the market's now, and with the dividends in them. Empty when there are none. @throws MarketDataUnavailable
   */
  readonly bars: (symbol: Ticker, request: BarRequest) => Promise<BarSeries>;
  /**
   * Splits and dividends in the order of their ex-dates. Absent where the provider knows of none, ever.
   * @throws MarketDataUnavailable
   */
  readonly corporateActions?: (wanted: ActionsWanted) => Promise<readonly CorporateAction[]>;
  readonly health: () => Promise<{
    readonly connected: boolean;
    readonly lagMs: number;
    readonly detail: string;
  }>;
  readonly close: () => Promise<void>;
};

/** The provider cannot answer now, or its data is unfit to trade on; the message says which and why. */
export class MarketDataUnavailable extends Error {
  override readonly name = 'MarketDataUnavailable';
}

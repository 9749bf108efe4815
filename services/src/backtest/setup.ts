import type { VenueTerms } from '@sentinel/contracts/execution';
import type { Digest, Money, Sha256 } from '@sentinel/contracts/kernel';
import type {
  BarSeries,
  BorrowTerms,
  CorporateAction,
  MarketCalendar,
  MarketSource,
} from '@sentinel/contracts/market';
import type { RegimeLabel } from '@sentinel/contracts/regime';
import type { CommitteeFacts, LimitsDocument } from '@sentinel/contracts/risk';
import type { evaluateStrategy } from '../strategy/index.ts';

type SignalDraft = NonNullable<ReturnType<typeof evaluateStrategy>['draft']>;

/** One symbol of a backtest, as the market tells it at the end or, by `inSharesOf`, on one of its days. */
export type TestedSymbol = {
  /** Completed bars in the strategy's timeframe, oldest first, in the shares after the last of `actions`. */
  readonly bars: BarSeries;
  /** Daily bars, for volume, range and correlation: the same where the timeframe is daily. */
  readonly daily: BarSeries;
  /** The first bar that is traded in: those before it are there to be looked back at. */
  readonly first: number;
  readonly sector: string | null;
  /** Splits and dividends after the first bar that is traded in, in the order of their ex-dates. */
  readonly actions: readonly CorporateAction[];
  /** What a short sale could borrow, taken to be the same on every day. */
  readonly borrow: BorrowTerms | null;
};

/** What a strategy says after a bar: a trade, with what the committee wants to know of the market. */
export type FoundTrade = {
  readonly draft: SignalDraft;
  readonly regime: { readonly label: RegimeLabel; readonly tradeabilityBps: number };
  readonly committee: Omit<CommitteeFacts, 'signalId' | 'eventId'>;
};

/**
 * Puts the strategy to a symbol as it stands when bar `last` is complete; undefined for no trade. It is
 * shown that symbol's bars up to that one and no other.
 */
export type Finder = (tested: TestedSymbol, last: number) => FoundTrade | undefined;

export type BacktestSetup = {
  readonly strategyId: string;
  readonly symbols: readonly TestedSymbol[];
  readonly calendar: MarketCalendar;
  readonly find: Finder;
  readonly limits: LimitsDocument;
  readonly startingCash: Money;
  readonly venue: VenueTerms;
  readonly source: MarketSource;
  readonly digest: Digest;
  readonly codeDigest: Sha256;
};

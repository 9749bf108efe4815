import {
  type EventId,
  type EventMetadata,
  exchangeDate,
  type Money,
  money,
  type Sha256,
  type SignalId,
} from '@sentinel/contracts/kernel';
import type { BarSeries, MarketData, Quote, Ticker } from '@sentinel/contracts/market';
import type { CommitteeFacts, OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import { boundedCache } from '../kernel/index.ts';
import {
  correlationBps,
  type DailyFigures,
  dailyFigures,
  type EvidenceLocker,
  figureBars,
  ifAvailable,
} from '../market/index.ts';
import { estimateFees } from './fees.ts';

/** Gathers what an assessment needs to know of the outside world. */
export type Facts = {
  /** What cannot be had is null: the check that needs it says SKIPPED. `held` needs marks. */
  readonly gather: (
    intent: OrderIntent,
    held: readonly Ticker[],
    metadata: EventMetadata,
  ) => Promise<RiskFacts>;
};

/** A strategy's state with the event that gave it; undefined for a strategy that nobody registered. */
export type FindStrategy = (
  strategyId: string,
) => Promise<{ readonly state: string; readonly eventId: EventId } | undefined>;

/** A recorded signal with what it rests on; undefined when there is none of that id. */
export type FindSignal = (
  strategyId: string,
  signalId: SignalId,
) => Promise<CommitteeFacts | undefined>;

type Figures = DailyFigures & { readonly bars: BarSeries; readonly digest: Sha256 };

const cachedSymbols = 2_000;

export const riskFacts = (options: {
  readonly market: MarketData;
  readonly evidence: EvidenceLocker;
  readonly findStrategy: FindStrategy;
  readonly findSignal: FindSignal;
  /** Why the views have stopped, where somebody watches them; nothing is recorded where nobody does. */
  readonly viewsProblem?: (() => string | undefined) | undefined;
}): Facts => {
  const { market, evidence, findStrategy, viewsProblem } = options;
  const cache = boundedCache<string, Figures>(cachedSymbols);

  /**
   * Figures of the completed daily bars, reckoned once and kept as evidence first. A daily bar is
   * complete when its session ends, so within one state of one session they stand.
   */
  const figuresOf = async (
    symbol: Ticker,
    metadata: EventMetadata,
  ): Promise<Figures | undefined> => {
    const { date, state } = market.session(market.now());
    const key = `${symbol} ${date} ${state}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const bars = await ifAvailable(market.bars(symbol, { timeframe: '1Day', limit: figureBars }));
    if (bars === undefined || bars.start.length === 0) return undefined;
    const figures = { ...dailyFigures(bars), bars, digest: await evidence.keep(bars, metadata) };
    cache.set(key, figures);
    return figures;
  };

  const markOf = async (symbol: Ticker) => {
    const quote = await ifAvailable(market.quote(symbol));
    if (quote === undefined) return [];
    const instrument = await ifAvailable(market.instrument(symbol));
    return [{ symbol, price: quote.last, at: quote.at, sector: instrument?.sector ?? null }];
  };

  const correlationsWith = async (
    own: Figures | undefined,
    others: readonly Ticker[],
    metadata: EventMetadata,
  ) => {
    if (others.length === 0) return [];
    if (own === undefined) return null;
    const correlations: NonNullable<RiskFacts['correlations']> = [];
    for (const symbol of others) {
      const theirs = await figuresOf(symbol, metadata);
      const bps = theirs === undefined ? null : correlationBps(own.bars, theirs.bars);
      if (bps === null) return null;
      correlations.push({ symbol, correlationBps: bps });
    }
    return correlations;
  };

  const strategyOf = async (strategyId: string | null): Promise<RiskFacts['strategy']> => {
    const found = strategyId === null ? undefined : await findStrategy(strategyId);
    return strategyId === null || found === undefined ? null : { strategyId, ...found };
  };

  const signalOf = async ({ strategyId, signalId }: OrderIntent) =>
    strategyId === null || signalId === undefined
      ? null
      : ((await options.findSignal(strategyId, signalId)) ?? null);

  return {
    gather: async (intent, held, metadata) => {
      const figures = await figuresOf(intent.symbol, metadata);
      const strategy = await strategyOf(intent.strategyId);
      const correlations = await correlationsWith(
        figures,
        held.filter((symbol) => symbol !== intent.symbol),
        metadata,
      );
      const marks = (await Promise.all(held.map(markOf))).flat();
      const instrument = await ifAvailable(market.instrument(intent.symbol));
      // The clock is read last but for the quote, so that a slow source cannot make either look fresh.
      const quote = await ifAvailable(market.quote(intent.symbol));
      const at = market.now();
      return {
        at,
        session: market.session(at),
        quote: quote ?? null,
        averageDailyVolume: measuredBy(figures, figures?.averageDailyVolume ?? null),
        averageTrueRange: measuredBy(figures, figures?.averageTrueRange ?? null),
        sector: instrument?.sector ?? null,
        marks,
        correlations,
        ...(intent.signalId !== undefined && { committee: await signalOf(intent) }),
        ...(intent.side === 'sell_short' && { borrow: instrument?.borrow ?? null }),
        ...(viewsProblem !== undefined && { views: { problem: viewsProblem() ?? null } }),
        estimatedFees: feesAtMost(intent, quote, at),
        strategy,
      };
    },
  };
};

const measuredBy = <Value>(figures: Figures | undefined, value: Value | null) =>
  figures === undefined || value === null ? null : { value, barsDigest: figures.digest };

/** The fees to expect at the price at which the order would trade; none are known without a quote. */
const feesAtMost = (intent: OrderIntent, quote: Quote | undefined, at: Temporal.Instant): Money => {
  const price = intent.limitPrice ?? intent.triggerPrice ?? quote?.bid;
  if (price === undefined) return money.zero;
  return estimateFees({
    side: intent.side,
    quantity: intent.quantity,
    price,
    date: exchangeDate(at),
  });
};

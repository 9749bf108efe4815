import {
  type EventId,
  type EventMetadata,
  exchangeDate,
  isBefore,
  type Money,
  money,
  type SignalId,
} from '@sentinel/contracts/kernel';
import type { MarketData, MarketSession, Quote, Ticker } from '@sentinel/contracts/market';
import type { CommitteeFacts, OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import {
  correlationBps,
  type EvidenceLocker,
  ifAvailable,
  lastPriceOf,
} from '../../market/index.ts';
import { estimateFees } from '../../portfolio/index.ts';
import { type SymbolFigures, symbolFigures } from './symbol-figures.ts';

/** Facts, with the symbols among those asked for whose correlation cannot be measured. */
export type GatheredFacts = RiskFacts & { readonly uncorrelated: readonly Ticker[] };

/** Gathers what an assessment needs to know of the outside world. */
export type Facts = {
  /**
   * What cannot be had is null: the check that needs it says SKIPPED. `symbols` need marks, their last
   * prices, which are left out where there are none, and correlations, which are told of where there are none.
   */
  readonly gather: (
    intent: OrderIntent,
    symbols: readonly Ticker[],
    metadata: EventMetadata,
  ) => Promise<GatheredFacts>;
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

/** Counts what a principal asks; answers why nothing that adds risk may be taken, or undefined. */
export type CountOrder = (principal: string) => Promise<string | undefined>;

export const riskFacts = (options: {
  readonly market: MarketData;
  readonly evidence: EvidenceLocker;
  readonly findStrategy: FindStrategy;
  readonly findSignal: FindSignal;
  /** Why the views have stopped, where somebody watches them; nothing is recorded where nobody does. */
  readonly viewsProblem?: (() => string | undefined) | undefined;
  /** Counts one more order that the principal asks about; why no risk may be added, or undefined. */
  readonly countOrder?: CountOrder | undefined;
}): Facts => {
  const { market, findStrategy, viewsProblem, countOrder } = options;
  const figuresOf = symbolFigures(options);

  const markOf = async (frozen: MarketData, symbol: Ticker) => {
    const [trade, instrument] = await Promise.all([
      lastPriceOf(frozen, symbol),
      ifAvailable(market.instrument(symbol)),
    ]);
    if (trade === undefined) return [];
    return [{ ...trade, sector: instrument?.sector ?? null }];
  };

  const correlationsWith = async (
    own: SymbolFigures | undefined,
    others: readonly Ticker[],
    metadata: EventMetadata,
  ) => {
    const all = await Promise.all(others.map((symbol) => figuresOf(symbol, metadata)));
    const measured = others.map((symbol, n) => {
      const theirs = all[n];
      const isKnown = own !== undefined && theirs !== undefined;
      return { symbol, correlationBps: isKnown ? correlationBps(own.bars, theirs.bars) : null };
    });
    return {
      correlations: measured.flatMap(({ symbol, correlationBps: bps }) =>
        bps === null ? [] : [{ symbol, correlationBps: bps }],
      ),
      uncorrelated: measured.flatMap(({ symbol, correlationBps: bps }) =>
        bps === null ? [symbol] : [],
      ),
    };
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
    gather: async (intent, symbols, metadata) => {
      const others = symbols.filter((symbol) => symbol !== intent.symbol);
      const measuring = figuresOf(intent.symbol, metadata);
      const [counting, figures, correlated, strategy, committee, instrument] = await Promise.all([
        countOrder?.(metadata.principal),
        measuring,
        measuring.then((own) => correlationsWith(own, others, metadata)),
        strategyOf(intent.strategyId),
        signalOf(intent),
        ifAvailable(market.instrument(intent.symbol)),
      ]);
      // Prices come last and together, all of one instant. Where the market cannot stand still, its
      // clock is read after them, so that no slow answer looks fresh.
      const frozen = market.freeze();
      const [quote, ...marked] = await Promise.all([
        ifAvailable(frozen.quote(intent.symbol)),
        ...symbols.map((symbol) => markOf(frozen, symbol)),
      ]);
      const marks = marked.flat();
      const silent = market.session(frozen.now());
      const lastTrade = isQuoted(quote, silent) ? undefined : await lastTradeOf(frozen, intent);
      const at = frozen.now();
      return {
        at,
        session: market.session(at),
        quote: quote ?? null,
        ...(lastTrade !== undefined && { lastTrade }),
        averageDailyVolume: measuredBy(figures, figures?.averageDailyVolume ?? null),
        averageTrueRange: measuredBy(figures, figures?.averageTrueRange ?? null),
        sector: instrument?.sector ?? null,
        marks,
        ...correlated,
        ...(intent.signalId !== undefined && { committee }),
        ...(intent.side === 'sell_short' && { borrow: instrument?.borrow ?? null }),
        ...(viewsProblem !== undefined && { views: { problem: viewsProblem() ?? null } }),
        ...(countOrder !== undefined && { counting: { problem: counting ?? null } }),
        estimatedFees: feesAtMost(intent, quote, at),
        strategy,
      };
    },
  };
};

/** A quote from before the opening is of another session; while the market is closed none is missed. */
const isQuoted = (quote: Quote | undefined, { state, opensAt }: MarketSession): boolean =>
  state === 'closed' || (quote !== undefined && (opensAt === null || !isBefore(quote.at, opensAt)));

/** Null where the symbol never traded. While the market cannot answer, nothing is known of an end. */
const lastTradeOf = async (
  frozen: MarketData,
  { symbol }: OrderIntent,
): Promise<RiskFacts['lastTrade']> => {
  const trade = await ifAvailable(frozen.lastTrade(symbol));
  if (trade === undefined) return null;
  const ended = (await ifAvailable(frozen.hasEnded?.(symbol) ?? Promise.resolve(false))) ?? false;
  return { price: trade.price, at: trade.at, ended };
};

const measuredBy = <Value>(figures: SymbolFigures | undefined, value: Value | null) =>
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

import { type EventId, exchangeDate, type SignalId } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  lastBars,
  type MarketSession,
  type Quote,
} from '@sentinel/contracts/market';
import type { OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import { markedSymbols, type Session } from '../execution/index.ts';
import { correlationBps, dailyFigures, digestOfBars, figureBars } from '../market/index.ts';
import { estimateFees } from '../portfolio/index.ts';
import type { BacktestSetup, FoundTrade, TestedSymbol } from './setup.ts';

/** Daily bars that were complete before a day began. */
export const dailyBefore = ({ daily }: TestedSymbol, dayStartMs: number): BarSeries => {
  let [low, high] = [0, daily.start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((daily.start[middle] as number) < dayStartMs) low = middle + 1;
    else high = middle;
  }
  const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;
  const until = Object.fromEntries(columns.map((name) => [name, daily[name].subarray(0, low)]));
  return lastBars({ ...daily, ...until }, figureBars);
};

export type Knowing = {
  readonly setup: BacktestSetup;
  /** In the shares of the day. */
  readonly symbols: readonly TestedSymbol[];
  readonly at: Temporal.Instant;
  readonly exchange: MarketSession;
  readonly dayStartMs: number;
  /** Of each symbol, by its place, the quote after its last complete bar. */
  readonly quoteOf: (place: number) => Quote | undefined;
};

const marksOf = (session: Session, { symbols, quoteOf, at }: Knowing): RiskFacts['marks'] =>
  markedSymbols(session).flatMap((symbol) => {
    const place = symbols.findIndex(({ bars }) => bars.symbol === symbol);
    const quote = quoteOf(place);
    const sector = symbols[place]?.sector ?? null;
    return quote === undefined ? [] : [{ symbol, price: quote.last, at, sector }];
  });

type Signalled = FoundTrade & { readonly signalId: SignalId; readonly eventId: EventId };

/** All that an assessment would have known at a moment, from bars that were complete by then. */
export const factsThen = (
  intent: OrderIntent,
  session: Session,
  { signal, ...knowing }: Knowing & { readonly signal?: Signalled | undefined },
): RiskFacts => {
  const { setup, symbols, at, exchange, dayStartMs, quoteOf } = knowing;
  const place = symbols.findIndex(({ bars }) => bars.symbol === intent.symbol);
  const tested = symbols[place] as TestedSymbol;
  const quote = quoteOf(place) ?? null;
  const daily = dailyBefore(tested, dayStartMs);
  const { averageDailyVolume: volume, averageTrueRange: range } = dailyFigures(daily);
  const barsDigest = digestOfBars(daily, setup.digest);
  const others = markedSymbols(session).filter((symbol) => symbol !== intent.symbol);
  return {
    at,
    session: exchange,
    quote,
    averageDailyVolume: volume === null ? null : { value: volume, barsDigest },
    averageTrueRange: range === null ? null : { value: range, barsDigest },
    sector: tested.sector,
    marks: marksOf(session, knowing),
    correlations: others.flatMap((symbol) => {
      const other = symbols.find(({ bars }) => bars.symbol === symbol);
      const bps = other && correlationBps(daily, dailyBefore(other, dayStartMs));
      return bps === undefined || bps === null ? [] : [{ symbol, correlationBps: bps }];
    }),
    ...(intent.side === 'sell_short' && { borrow: tested.borrow }),
    ...(signal !== undefined && {
      committee: {
        ...signal.committee,
        ...{ signalId: signal.signalId, eventId: signal.eventId },
      },
    }),
    estimatedFees: estimateFees({
      ...{ side: intent.side, quantity: intent.quantity, date: exchangeDate(at) },
      price: intent.limitPrice ?? quote?.bid ?? intent.triggerPrice ?? (1n as Quote['bid']),
    }),
    // A backtest asks what the strategy would do once it may trade on paper.
    strategy:
      intent.strategyId === null
        ? null
        : { strategyId: intent.strategyId, state: 'paper', eventId: setupEventId },
  };
};

/** No event stands behind the state that a backtest supposes. */
const setupEventId = '00000000-0000-7000-8000-000000000000' as EventId;

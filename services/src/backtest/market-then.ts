import {
  type Price,
  price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  exchangeDays,
  type MarketBar,
  type MarketSource,
  type Quote,
} from '@sentinel/contracts/market';
import type { TestedSymbol } from './setup.ts';
import { lessPaid } from './shares-of-day.ts';

const quantityScale = 1e9;
const halfSpreadHundredths = 250n;
const hundredthsOfAll = 1_000_000n;
/** Of a bar's volume, what is displayed on either side. */
const displayedShare = 0.1;

const sharesOf = (volume: number): Quantity =>
  BigInt(Math.round(volume * quantityScale)) as Quantity;
const priceAt = (column: Float64Array, n: number): Price => price.fromFloat(column[n] as number);

/** A bar in exact figures, as orders meet it. */
export const barAt = (
  bars: BarSeries,
  n: number,
  {
    startMs,
    endMs,
    source,
  }: { readonly startMs: number; readonly endMs: number; readonly source: MarketSource },
): MarketBar => ({
  symbol: bars.symbol,
  start: Temporal.Instant.fromEpochMilliseconds(startMs),
  end: Temporal.Instant.fromEpochMilliseconds(endMs),
  open: priceAt(bars.open, n),
  high: priceAt(bars.high, n),
  low: priceAt(bars.low, n),
  close: priceAt(bars.close, n),
  volume: sharesOf(bars.volume[n] as number),
  source,
});

/**
 * The quote by which an order is judged before a bar begins: around the close of the bar before, without what
 * has been paid since, 2.5 bps and a tick at the least to either side. What the next bar opens at is not
 * known yet.
 */
export const quoteAfter = (
  tested: TestedSymbol,
  n: number,
  {
    at,
    date,
    source,
  }: { readonly at: Temporal.Instant; readonly date: TradingDate; readonly source: MarketSource },
): Quote => {
  const { bars, actions } = tested;
  const close = priceAt(bars.close, n);
  const after = exchangeDays.dateOf(exchangeDays.at(bars.start[n] as number));
  const last = actions.length === 0 ? close : lessPaid(close, tested, { after, upTo: date });
  const tick = price.tickOf(last);
  const away = (last * halfSpreadHundredths) / hundredthsOfAll;
  const half = away > tick ? away : tick;
  const size = quantity.fromShares(
    Math.max(100, Math.floor((bars.volume[n] as number) * displayedShare)),
  );
  const bid = last > half ? last - half : tick;
  return {
    symbol: bars.symbol,
    bid: price.toTick(bid as Price, 'down'),
    bidSize: size,
    ask: price.toTick((last + half) as Price, 'up'),
    askSize: size,
    last,
    at,
    source,
  };
};

import { type Price, price } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  exchangeDays,
  nyseCalendar,
  type Ticker,
  type Timeframe,
  timeframeMinutes,
} from '@sentinel/contracts/market';
import { emptySeries } from '../market-data/index.ts';
import { exactPrice } from './figures.ts';
import type { RawBar, Rest } from './rest.ts';

const dayMs = 86_400_000;
/** The first day of which Alpaca has bars. */
const firstMs = Date.UTC(2016, 0, 1);
const minutesOfSession = 390;

/** One bar of the exchange's session, in exact prices, with the instant from which it is known. */
type Completed = {
  readonly startMs: number;
  readonly endMs: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: number;
};

/**
 * The bar of which a raw one is a part, by the session's own hours: a bar of an hour begins at the half.
 * Undefined for what was traded before the open, after the close or on a day without a session.
 */
export const placeOf = (
  startMs: number,
  timeframe: Timeframe,
): { readonly startMs: number; readonly endMs: number } | undefined => {
  const session = nyseCalendar().sessionOfDay(exchangeDays.at(startMs));
  if (session === undefined) return undefined;
  const { openMs, closeMs } = session;
  if (timeframe === '1Day') return { startMs: exchangeDays.startOf(session.day), endMs: closeMs };
  if (startMs < openMs || startMs >= closeMs) return undefined;
  const lengthMs = timeframeMinutes[timeframe] * 60_000;
  const start = openMs + Math.floor((startMs - openMs) / lengthMs) * lengthMs;
  return { startMs: start, endMs: Math.min(start + lengthMs, closeMs) };
};

const larger = (a: Price, b: Price): Price => (a > b ? a : b);
const smaller = (a: Price, b: Price): Price => (a < b ? a : b);

/** Raw bars, oldest first, as those of the sessions that were complete at the horizon. */
const completed = (
  raw: readonly RawBar[],
  timeframe: Timeframe,
  horizonMs: number,
): readonly Completed[] => {
  const bars: Completed[] = [];
  for (const one of raw) {
    const place = placeOf(one.startMs, timeframe);
    if (place === undefined || place.endMs > horizonMs) continue;
    const [open, high, low, close] = [one.open, one.high, one.low, one.close].map(exactPrice);
    if (open === undefined || high === undefined || low === undefined || close === undefined)
      continue;
    const last = bars.at(-1);
    if (last?.startMs !== place.startMs) {
      bars.push({ ...place, open, high, low, close, volume: one.volume });
      continue;
    }
    bars[bars.length - 1] = {
      ...last,
      ...{ high: larger(last.high, high), low: smaller(last.low, low), close },
      volume: last.volume + one.volume,
    };
  }
  return bars;
};

const seriesOf = (symbol: Ticker, timeframe: Timeframe, bars: readonly Completed[]): BarSeries => {
  const series = emptySeries(symbol, timeframe, bars.length);
  for (const [i, bar] of bars.entries()) {
    series.start[i] = bar.startMs;
    for (const column of ['open', 'high', 'low', 'close'] as const)
      series[column][i] = price.toFloat(bar[column]);
    series.volume[i] = bar.volume;
  }
  return series;
};

/** Alpaca's hours are the clock's, the exchange's begin at the half: an hour is put together. */
const askedFor = (timeframe: Timeframe) => (timeframe === '1Hour' ? '15Min' : timeframe);

/**
 * The newest `limit` bars that were complete at the horizon. A window that holds too few, since the
 * symbol is seldom traded, is widened up to the first day that Alpaca knows.
 */
export const newestBars = async (
  rest: Rest,
  symbol: Ticker,
  wanted: { readonly timeframe: Timeframe; readonly limit: number; readonly horizonMs: number },
): Promise<BarSeries> => {
  const { timeframe, limit, horizonMs } = wanted;
  const sessions = Math.ceil(
    timeframe === '1Day' ? limit : (limit * timeframeMinutes[timeframe]) / minutesOfSession,
  );
  for (let days = Math.ceil(sessions * 1.5) + 7; ; days *= 4) {
    const fromMs = Math.max(firstMs, horizonMs - days * dayMs);
    // Newest first; a bar begins at the horizon at the latest.
    let raw: readonly RawBar[] = [];
    let bars: readonly Completed[] = [];
    for await (const page of rest.bars(symbol, {
      ...{ timeframe: askedFor(timeframe), fromMs, toMs: horizonMs },
      ...{ adjustment: 'split', newestFirst: true },
    })) {
      raw = [...page.toReversed(), ...raw];
      bars = completed(raw, timeframe, horizonMs);
      // The oldest may still lack a part that stands on the next page.
      if (bars.length > limit) break;
    }
    if (bars.length >= limit || fromMs === firstMs)
      return seriesOf(symbol, timeframe, bars.slice(-limit));
  }
};

import {
  type BarSeries,
  exchangeDays,
  type Timeframe,
  timeframeMinutes,
} from '@sentinel/contracts/market';
import { emptySeries } from '../bar-request.ts';
import type { Listing } from './listing.ts';
import { mockDay } from './mock-day.ts';
import type { MockMinutes } from './mock-minutes.ts';

/** The mock market's history begins here. */
const firstDay = exchangeDays.fromDate('2000-01-01');
const minuteMs = 60_000;

type Window = {
  readonly listing: Listing;
  /** Epoch milliseconds at which the last bar must be complete. */
  readonly horizon: number;
  readonly limit: number;
};

/** The last completed daily bars; a day lasts from one New York midnight to the next. */
export const mockDailyBars = ({ listing, horizon, limit }: Window): BarSeries => {
  const end = exchangeDays.at(horizon);
  const count = Math.max(0, Math.min(limit, end - firstDay));
  const bars = emptySeries(listing.symbol, '1Day', count);
  for (let i = 0; i < count; i++) {
    const day = mockDay(listing, end - count + i);
    bars.start[i] = day.startMs;
    bars.open[i] = day.open / 100;
    bars.high[i] = day.high / 100;
    bars.low[i] = day.low / 100;
    bars.close[i] = day.close / 100;
    bars.volume[i] = day.volume;
  }
  return bars;
};

/**
 * The last completed bars of less than a day, put together from minutes. Every timeframe divides
 * the hour and New York's offset is in whole hours, so no bar reaches over a midnight.
 */
export const mockIntradayBars = (
  { listing, horizon, limit }: Window,
  timeframe: Exclude<Timeframe, '1Day'>,
  minutesOf: (day: number) => MockMinutes,
): BarSeries => {
  const length = timeframeMinutes[timeframe];
  const lengthMs = length * minuteMs;
  const end = Math.floor(horizon / lengthMs);
  const first = Math.ceil(exchangeDays.startOf(firstDay) / lengthMs);
  const count = Math.max(0, Math.min(limit, end - first));
  const bars = emptySeries(listing.symbol, timeframe, count);
  for (let i = 0; i < count; i++) {
    const startMs = (end - count + i) * lengthMs;
    const minutes = minutesOf(exchangeDays.at(startMs));
    const from = (startMs - minutes.of.startMs) / minuteMs;
    const open = minutes.priceAt(from);
    let high = open;
    let low = open;
    for (let minute = from + 1; minute <= from + length; minute++) {
      const cents = minutes.priceAt(minute);
      if (cents > high) high = cents;
      if (cents < low) low = cents;
    }
    bars.start[i] = startMs;
    bars.open[i] = open / 100;
    bars.high[i] = high / 100;
    bars.low[i] = low / 100;
    bars.close[i] = minutes.priceAt(from + length) / 100;
    bars.volume[i] = minutes.volumeBefore(from + length) - minutes.volumeBefore(from);
  }
  return bars;
};

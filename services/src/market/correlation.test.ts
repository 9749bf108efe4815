import type { BarSeries, Ticker } from '@sentinel/contracts/market';
import { expect, test } from 'vitest';
import { correlationBps } from './correlation.ts';

/** Daily closes from a day on; `reads` counts how often they are looked at. */
const series = (closes: readonly number[], firstDay = 0) => {
  let reads = 0;
  const all = Float64Array.from(closes);
  const bars: BarSeries = {
    ...({ symbol: 'NVDA' as Ticker, timeframe: '1Day' } as const),
    start: Float64Array.from(closes, (_, n) => firstDay + n),
    get close() {
      reads += 1;
      return all;
    },
    ...{ open: all, high: all, low: all, volume: all },
  };
  return { bars, reads: () => reads };
};
const waves = (days: number, shift = 0) =>
  Array.from({ length: days }, (_, n) => 100 + 10 * Math.sin(n + shift));

test('is whole for what moves alike, and its opposite for what moves against it', () => {
  const up = waves(30);
  const down = up.map((close) => 10_000 / close);
  expect(correlationBps(series(up).bars, series(up).bars)).toBe(10_000);
  expect(correlationBps(series(up).bars, series(down).bars)).toBe(-10_000);
});

test('is of the days alone that both have', () => {
  const all = series(waves(40));
  const late = series(waves(30, 10), 10);
  expect(correlationBps(all.bars, late.bars)).toBe(10_000);
  expect(correlationBps(all.bars, series(waves(30, 10), 20).bars)).toBeNull();
});

test('is unknown for what never moved', () => {
  expect(correlationBps(series(waves(30)).bars, series(Array(30).fill(5)).bars)).toBeNull();
});

test('is reckoned once for the same two series, whatever it is', () => {
  for (const closes of [waves(30, 1), waves(5)]) {
    const [a, b] = [series(waves(30)), series(closes)];
    const first = correlationBps(a.bars, b.bars);
    const reads = b.reads();
    expect(correlationBps(a.bars, b.bars)).toBe(first);
    expect(b.reads()).toBe(reads);
    expect(correlationBps(a.bars, series(waves(30)).bars)).toBe(10_000);
  }
});

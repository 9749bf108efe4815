import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import {
  bollinger,
  bollingerStream,
  bollingerWidth,
  bollingerWidthStream,
  efficiency,
  efficiencyStream,
  ema,
  emaStream,
  hurst,
  hurstStream,
  rollingExtreme,
  rsi,
  rsiStream,
  sessionVwap,
  sessionVwapStream,
  volumeRatio,
  volumeRatioStream,
  vwapDeviation,
  wilderAdx,
  wilderAdxStream,
  wilderAtr,
  wilderAtrStream,
} from './index.ts';

/** Bars with rises, falls, gaps and flat stretches, of any length down to none. */
const anyBars = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.double({ min: -5, max: 5, noNaN: true })),
      up: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true })),
      down: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true })),
      volume: fc.nat(1_000_000),
      newSession: fc.boolean(),
    }),
    { maxLength: 120, size: 'max' },
  )
  .map((steps) => {
    let close = 1_000;
    let session = 0;
    const rows = steps.map(({ gap, up, down, volume, newSession }) => {
      close = Math.max(10, close + gap);
      session += newSession ? 1 : 0;
      return { high: close + up, low: Math.max(1, close - down), close, volume, session };
    });
    return {
      high: Float64Array.from(rows, ({ high }) => high),
      low: Float64Array.from(rows, ({ low }) => low),
      close: Float64Array.from(rows, (row) => row.close),
      volume: Float64Array.from(rows, ({ volume }) => volume),
      session: Int32Array.from(rows, (row) => row.session),
      rows,
    };
  });

const holds = (check: (bars: ReturnType<typeof barsOf>) => void) =>
  fc.assert(fc.property(anyBars, check), { numRuns: propertyRuns(200) });
declare const barsOf: () => typeof anyBars extends fc.Arbitrary<infer Bars> ? Bars : never;

/** A straight reckoning of the last bar alone, as a second opinion on what the windows do. */
const lastOf = (values: Float64Array, period: number): readonly number[] => [
  ...values.subarray(-period),
];

describe('bar by bar and all at once are the same to the last bit', () => {
  test('for what looks at values', () => {
    holds(({ close, volume }) => {
      const streams = [
        [ema(close, 9), emaStream(9)],
        [rsi(close, 5), rsiStream(5)],
        [bollingerWidth(close, 7), bollingerWidthStream(7)],
        [rollingExtreme.max(close, 6), rollingExtreme.maxStream(6)],
        [rollingExtreme.min(close, 6), rollingExtreme.minStream(6)],
      ] as const;
      for (const [batch, { next }] of streams) expect(close.map(next)).toEqual(batch);
      const ratio = volumeRatioStream(5);
      const path = efficiencyStream(5);
      volume.forEach((value, i) => {
        expect(ratio.next(value)).toBe(volumeRatio(volume.subarray(0, i + 1), 5));
        expect(path.next(close[i] as number)).toBe(efficiency(close.subarray(0, i + 1), 5));
      });
    });
  });

  test('for what looks at bars, sessions and bands', () => {
    holds((bars) => {
      const { rows } = bars;
      const [atr, adx] = [wilderAtrStream(4), wilderAdxStream(4)];
      expect(Float64Array.from(rows, ({ high, low, close }) => atr.next(high, low, close))).toEqual(
        wilderAtr(bars, 4),
      );
      expect(Float64Array.from(rows, ({ high, low, close }) => adx.next(high, low, close))).toEqual(
        wilderAdx(bars, 4),
      );
      const vwap = sessionVwapStream();
      expect(Float64Array.from(rows, vwap.next)).toEqual(sessionVwap(bars));
      const bands = bollingerStream(7);
      const { upper } = bollinger(bars.close, 7);
      expect(bars.close.map((close) => bands.next(close).upper)).toEqual(upper);
    });
  });

  test('for a window of the Hurst exponent', () => {
    const closes = Float64Array.from({ length: 400 }, (_, i) => 100 + Math.sin(i) + i / 7);
    const { next } = hurstStream(260);
    closes.forEach((close, i) => {
      const window = closes.subarray(Math.max(0, i - 259), i + 1);
      expect(next(close)).toBe(i < 259 ? Number.NaN : hurst(window));
    });
  });
});

describe('a second opinion', () => {
  test('on extremes and bands, reckoned from the window alone', () => {
    holds(({ close }) => {
      const period = 6;
      const highest = rollingExtreme.max(close, period);
      const { upper, middle, lower } = bollinger(close, period);
      for (let i = period - 1; i < close.length; i++) {
        const window = lastOf(close.subarray(0, i + 1), period);
        expect(highest[i]).toBe(Math.max(...window));
        const mean = window.reduce((sum, value) => sum + value, 0) / period;
        const sigma = Math.sqrt(window.reduce((sum, v) => sum + (v - mean) ** 2, 0) / period);
        expect(middle[i]).toBeCloseTo(mean, 9);
        expect(upper[i]).toBeCloseTo(mean + 2 * sigma, 9);
        expect(lower[i]).toBeCloseTo(mean - 2 * sigma, 9);
      }
    });
  });

  test('on a VWAP of two sessions by hand, which begins anew', () => {
    const bars = {
      high: Float64Array.of(11, 13, 30),
      low: Float64Array.of(9, 11, 30),
      close: Float64Array.of(10, 12, 30),
      volume: Float64Array.of(100, 300, 10),
      session: Int32Array.of(1, 1, 2),
    };
    // (10 · 100 + 12 · 300) / 400, and the new session knows nothing of it.
    expect([...sessionVwap(bars)]).toEqual([10, 11.5, 30]);
    expect(vwapDeviation(12, 11.5)).toBeCloseTo(4.3478, 4);
  });
});

describe('flat bars, and none', () => {
  const flat = new Float64Array(60).fill(100);
  const bars = { high: flat, low: flat, close: flat };
  const moved = (values: Float64Array) =>
    Float64Array.from([...values, ...Array.from({ length: 60 }, (_, i) => 100 + (i % 7))]);
  const after = { high: moved(flat), low: moved(flat), close: moved(flat) };

  test('have their own values, and poison nothing that follows', () => {
    expect(rsi(flat).at(-1)).toBe(50);
    expect(wilderAtr(bars).at(-1)).toBe(0);
    expect(wilderAdx(bars).at(-1)).toBe(0);
    expect(bollingerWidth(flat).at(-1)).toBe(0);
    expect(efficiency(flat)).toBe(0);
    expect(hurst(new Float64Array(300).fill(5))).toBeNaN();
    for (const series of [
      rsi(after.close),
      wilderAtr(after),
      wilderAdx(after),
      bollingerWidth(after.close),
    ])
      expect(series.at(-1)).toBeGreaterThan(0);
  });

  test('give nothing but NaN where there are too few', () => {
    const none = new Float64Array(0);
    const one = Float64Array.of(5);
    expect(rsi(none)).toHaveLength(0);
    expect([
      ...ema(one, 2),
      ...rsi(one),
      ...wilderAdx({ high: one, low: one, close: one }),
    ]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const still = { session: Int32Array.of(1), volume: Float64Array.of(0) };
    expect([...sessionVwap({ high: one, low: one, close: one, ...still })]).toEqual([Number.NaN]);
  });
});

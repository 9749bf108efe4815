import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ADX, ATR, BollingerBands, EMA, RSI } from 'technicalindicators';
import { describe, expect, test } from 'vitest';
import {
  bollingerWidth,
  efficiency,
  ema,
  hurst,
  rollingExtreme,
  rsi,
  volumeRatio,
  wilderAdx,
  wilderAtr,
} from './index.ts';

const column = (...values: readonly number[]) => Float64Array.from(values);
const file = new URL('../../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url);
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));
const real = {
  high: Float64Array.from(rows, (row) => row[2]!),
  low: Float64Array.from(rows, (row) => row[3]!),
  close: Float64Array.from(rows, (row) => row[4]!),
};
const lists = { high: [...real.high], low: [...real.low], close: [...real.close] };

const largestDifference = (own: Float64Array, theirs: readonly number[], skip = 0): number => {
  const offset = own.length - theirs.length;
  return Math.max(...theirs.map((value, i) => (i < skip ? 0 : Math.abs(value - own[offset + i]!))));
};

describe('on 20 years of the S&P 500, technicalindicators agrees', () => {
  test('on RSI, which it rounds to cents', () => {
    const theirs = RSI.calculate({ values: lists.close, period: 14 });
    expect(theirs.length).toBe(real.close.length - 14);
    expect(largestDifference(rsi(real.close), theirs)).toBeLessThan(0.00501);
  });
  test('on EMA', () => {
    for (const period of [20, 50, 200])
      expect(
        largestDifference(ema(real.close, period), EMA.calculate({ values: lists.close, period })),
      ).toBeLessThan(1e-8);
  });
  test('on Wilder’s ATR', () => {
    expect(
      largestDifference(wilderAtr(real), ATR.calculate({ ...lists, period: 14 })),
    ).toBeLessThan(1e-9);
  });
  test('on Wilder’s ADX, once its other seeding has faded', () => {
    const theirs = ADX.calculate({ ...lists, period: 14 }).map(({ adx }) => adx);
    expect(largestDifference(wilderAdx(real), theirs, 250)).toBeLessThan(1e-3);
  });
  test('on the Bollinger width', () => {
    const bands = BollingerBands.calculate({ values: lists.close, period: 20, stdDev: 2 });
    const theirs = bands.map(({ upper, lower, middle }) => (upper - lower) / middle);
    expect(largestDifference(bollingerWidth(real.close), theirs)).toBeLessThan(1e-9);
  });
});

describe('small cases reckoned by hand', () => {
  test('RSI', () => {
    // Seeded with gain 1/2 and loss 1/2; then (0.5 + 2) / 2 against 0.5 / 2; then 1.25 / 2 against (0.25 + 3) / 2.
    expect([...rsi(column(10, 11, 10, 12, 9), 2)]).toEqual([
      NaN,
      NaN,
      50,
      expect.closeTo(250 / 3, 10),
      expect.closeTo(62.5 / 2.25, 10),
    ]);
  });
  test('EMA', () => {
    expect([...ema(column(1, 2, 3, 7), 3)]).toEqual([NaN, NaN, 2, 4.5]);
  });
  test('ATR counts gaps, and is Wilder’s: a third of the news, not half', () => {
    const bars = {
      high: column(10, 12, 20, 21, 21),
      low: column(9, 11, 18, 19, 20),
      close: column(9, 11, 19, 20, 20),
    };
    // True ranges 3, 9, 2, then 1: (3 + 9 + 2) / 3, then that less a third of it plus a third of 1.
    expect([...wilderAtr(bars, 3)]).toEqual([
      NaN,
      NaN,
      NaN,
      expect.closeTo(14 / 3, 12),
      expect.closeTo(31 / 9, 12),
    ]);
  });
  test('ADX', () => {
    const bars = {
      high: column(10, 11, 12, 11.5),
      low: column(9, 10, 11, 9.5),
      close: column(9.5, 10.5, 11.5, 10),
    };
    // Period 2: sums after bar 2 are +DM 1.5 and -DM 0, DX 100; after bar 3 0.75 and 1.5, DX 100/3.
    expect([...wilderAdx(bars, 2)]).toEqual([
      NaN,
      NaN,
      NaN,
      expect.closeTo((100 + 100 / 3) / 2, 10),
    ]);
  });
  test('Bollinger width has population deviations', () => {
    expect(bollingerWidth(column(1, 3), 2, 2)[1]).toBeCloseTo(2, 12);
  });
  test('volume ratio leaves the bar itself out', () => {
    expect(volumeRatio(column(999, 10, 30, 60), 2)).toBe(3);
    expect(volumeRatio(column(10, 60), 2)).toBeNaN();
    expect(volumeRatio(column(0, 0, 5), 2)).toBeNaN();
  });
  test('efficiency', () => {
    expect(efficiency(column(5, 1, 2, 4, 3), 3)).toBe(0.5);
    expect(efficiency(column(1, 2, 3, 4), 3)).toBe(1);
  });
  test('rolling extremes', () => {
    expect([...rollingExtreme.max(column(1, 3, 2, 0), 2)]).toEqual([NaN, 3, 3, 2]);
    expect([...rollingExtreme.min(column(1, 3, 2, 0), 2)]).toEqual([NaN, 1, 2, 0]);
  });
});

describe('every indicator', () => {
  const walk = fc
    .array(
      fc.integer({ min: -50, max: 50 }).map((steps) => steps / 1_000),
      { minLength: 30, maxLength: 300 },
    )
    .map((steps) => {
      let level = 100;
      const close = Float64Array.from(steps, (step) => (level *= 1 + step));
      const spread = (sign: number) =>
        close.map((value, i) => value * (1 + sign * Math.abs(steps[(i + 1) % steps.length]!)));
      return { high: spread(1), low: spread(-1), close };
    });
  const flat = (length: number) => {
    const close = new Float64Array(length).fill(7);
    return { high: close, low: close, close };
  };

  test('keeps its range and its length', () => {
    fc.assert(
      fc.property(walk, (bars) => {
        const within = (values: Float64Array, low: number, high: number) => {
          expect(values.length).toBe(bars.close.length);
          for (const value of values)
            expect(Number.isNaN(value) || (value >= low - 1e-9 && value <= high + 1e-9)).toBe(true);
        };
        within(rsi(bars.close), 0, 100);
        within(wilderAdx(bars), 0, 100);
        within(wilderAtr(bars), 0, Infinity);
        within(bollingerWidth(bars.close), 0, Infinity);
        expect(efficiency(bars.close)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  test('does not care in what unit prices are', () => {
    fc.assert(
      fc.property(
        walk,
        fc.integer({ min: -6, max: 6 }).map((power) => 2 ** power),
        (bars, factor) => {
          const scaled = {
            high: bars.high.map((v) => v * factor),
            low: bars.low.map((v) => v * factor),
            close: bars.close.map((v) => v * factor),
          };
          const last = (of: typeof bars) => [
            rsi(of.close).at(-1)!,
            wilderAdx(of).at(-1)!,
            bollingerWidth(of.close).at(-1)!,
            hurst(of.close),
            efficiency(of.close),
          ];
          const [own, other] = [last(bars), last(scaled)];
          own.forEach((value, i) => {
            if (Number.isNaN(value)) expect(other[i]).toBeNaN();
            else expect(other[i]).toBeCloseTo(value, 6);
          });
          expect(wilderAtr(scaled).at(-1)! / factor).toBeCloseTo(wilderAtr(bars).at(-1)!, 6);
        },
      ),
    );
  });

  test('tells a bar the same whatever came after it', () => {
    fc.assert(
      fc.property(walk, fc.nat(299), (bars, cut) => {
        const until = {
          high: bars.high.slice(0, cut),
          low: bars.low.slice(0, cut),
          close: bars.close.slice(0, cut),
        };
        for (const of of [
          (b: typeof bars) => rsi(b.close),
          wilderAdx,
          wilderAtr,
          (b: typeof bars) => ema(b.close, 20),
        ])
          expect(of(until)).toEqual(of(bars).slice(0, cut));
      }),
    );
  });

  test('stands flat input: no NaN after warm-up, and flat bars first spoil nothing later', () => {
    expect(rsi(flat(40).close).at(-1)).toBe(50);
    expect(wilderAdx(flat(40)).at(-1)).toBe(0);
    expect(wilderAtr(flat(40)).at(-1)).toBe(0);
    expect(bollingerWidth(flat(40).close).at(-1)).toBe(0);
    expect(efficiency(flat(40).close)).toBe(0);
    expect(hurst(flat(300).close)).toBeNaN();
    const after = (of: 'high' | 'low' | 'close') =>
      Float64Array.from([...flat(60)[of], ...real[of].slice(0, 400)]);
    const late = wilderAdx({ high: after('high'), low: after('low'), close: after('close') });
    expect(late.at(-1)).toBeCloseTo(
      wilderAdx({
        high: real.high.slice(0, 400),
        low: real.low.slice(0, 400),
        close: real.close.slice(0, 400),
      }).at(-1)!,
      3,
    );
  });

  test('says NaN with too little input, and never 0', () => {
    for (let length = 0; length <= 14; length++) {
      const bars = flat(length);
      for (const values of [
        rsi(bars.close),
        wilderAtr(bars),
        wilderAdx(bars),
        ema(bars.close, 20),
        bollingerWidth(bars.close),
      ])
        expect([...values]).toEqual(new Array(length).fill(NaN));
      expect(efficiency(bars.close)).toBeNaN();
    }
    expect(hurst(real.close.slice(0, 249))).toBeNaN();
    expect(hurst(real.close.slice(0, 250))).not.toBeNaN();
  });

  test('carries a NaN on rather than hide it', () => {
    const holed = {
      ...real,
      close: real.close.slice(0, 100),
      high: real.high.slice(0, 100),
      low: real.low.slice(0, 100),
    };
    holed.close[60] = NaN;
    for (const values of [
      rsi(holed.close),
      wilderAtr(holed),
      wilderAdx(holed),
      ema(holed.close, 20),
    ]) {
      expect(values[59]).not.toBeNaN();
      expect(values.at(-1)).toBeNaN();
    }
  });

  test('refuses a period that is none', () => {
    for (const period of [0, -1, 1.5, NaN])
      expect(() => ema(real.close, period)).toThrow(RangeError);
  });
});

describe('Hurst', () => {
  const walkOf = (feedback: number, seed: number) => {
    let state = seed;
    const draw = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32 - 0.5;
    };
    let [level, step] = [0, 0];
    return Float64Array.from({ length: 500 }, () => {
      step = feedback * step + draw();
      level += step * 0.01;
      return Math.exp(level);
    });
  };
  const meanOf = (feedback: number) => {
    const estimates = Array.from({ length: 50 }, (_, i) => hurst(walkOf(feedback, i * 7_919 + 1)));
    return estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
  };
  test('is one half on random walks, more where steps persist, less where they revert', () => {
    expect(meanOf(0)).toBeGreaterThan(0.46);
    expect(meanOf(0)).toBeLessThan(0.53);
    expect(meanOf(0.5)).toBeGreaterThan(0.6);
    expect(meanOf(-0.5)).toBeLessThan(0.4);
  });
});

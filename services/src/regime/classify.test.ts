import { type BarSeries, lastBars } from '@sentinel/contracts/market';
import { classificationSchema } from '@sentinel/contracts/regime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testBars } from '../market/test-bars.ts';
import { classify } from './classify.ts';
import { compatibilityIn, strategyFamilies } from './compatibility.ts';
import { contextMovePct } from './context-move.ts';

const alone = (bars: BarSeries, minutesSinceOpen: number | null = null) =>
  classify({ bars, context: null, minutesSinceOpen, withModel: false });
const rising = (count: number) =>
  testBars(Array.from({ length: count }, (_, i) => 100 * 1.003 ** i));
const falling = (count: number) =>
  testBars(Array.from({ length: count }, (_, i) => 100 * 0.997 ** i));
/** Scattered around a level: no trend, little range. */
const wavering = (count: number) => {
  let state = 7;
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return testBars(Array.from({ length: count }, () => 100 + draw()));
};
const market = (...closes: readonly number[]) => testBars(closes, { symbol: 'SPY' });

describe('a regime', () => {
  test('is a bull trend or a bear trend by EMA(200)', () => {
    expect(alone(rising(300))).toMatchObject({
      label: 'trending_bull',
      confidence: 0.95,
      tradeability: 0.8,
    });
    expect(alone(falling(300))).toMatchObject({ label: 'trending_bear', tradeability: 0.8 });
  });

  test('D35: a pure uptrend is never a bear trend, however few its bars; the lack of data is said', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 199 }),
        fc.double({ min: 1.0005, max: 1.02, noNaN: true }),
        (count, growth) => {
          const found = alone(testBars(Array.from({ length: count }, (_, i) => 100 * growth ** i)));
          expect(found.label).not.toBe('trending_bear');
          expect(['trending_bull', 'unknown']).toContain(found.label);
          expect(found.reasoning.join(' ')).toMatch(/[Ii]nsufficient data/);
          expect(found.metrics.ema200).toBeNull();
          if (count < 50) expect(found.label).toBe('unknown');
        },
      ),
    );
  });

  test('without EMA(200) is a weak trend by EMA(50) at most', () => {
    for (const [bars, label] of [
      [rising(199), 'trending_bull'],
      [falling(199), 'trending_bear'],
    ] as const)
      expect(alone(bars)).toMatchObject({ label, confidence: 0.55, tradeability: 0.72 });
    expect(alone(rising(49)).label).toBe('unknown');
  });

  test('D36: with too few bars for ATR volatility is not measured, and never nought', () => {
    for (let count = 0; count < 15; count++) {
      const wild = testBars(Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 100 : 150)));
      const found = alone(wild);
      expect(found.metrics.atrPct).toBeNull();
      expect(found.label).toBe('unknown');
      if (count >= 5)
        expect(found.reasoning).toContain(
          'Insufficient data for ATR(14), which needs 15 bars: volatility was not measured.',
        );
    }
    expect(
      alone(testBars(Array.from({ length: 15 }, (_, i) => (i % 2 === 0 ? 100 : 150)))).label,
    ).toBe('high_vol_unstable');
  });

  test('is too volatile by the length of its bars: 2.5 % a day is 0.28 % in five minutes', () => {
    const swings = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 100 : 101));
    expect(alone(testBars(swings)).label).not.toBe('high_vol_unstable');
    expect(alone(testBars(swings, { timeframe: '5Min' })).label).toBe('high_vol_unstable');
    const calm = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 100 : 100.28));
    expect(alone(testBars(calm, { timeframe: '5Min' })).label).not.toBe('high_vol_unstable');
  });

  test('is risk off when the whole market fell over 1.5 % from its prior close', () => {
    const label = (...closes: readonly number[]) =>
      classify({
        bars: rising(300),
        context: market(...closes),
        minutesSinceOpen: null,
        withModel: false,
      }).label;
    expect(label(100, 98.4)).toBe('risk_off');
    expect(label(100, 98.6)).toBe('trending_bull');
    expect(label(110, 100, 99)).toBe('trending_bull');
  });

  test('is opening noise in the first half hour, on bars of less than a day, where there is an opening', () => {
    const bars = testBars(
      Array.from({ length: 60 }, () => 100),
      { timeframe: '5Min' },
    );
    expect(alone(bars, 0)).toMatchObject({ label: 'opening_noise', tradeability: 0.25 });
    expect(alone(bars, 15)).toMatchObject({ label: 'opening_noise', tradeability: 0.4 });
    expect(alone(bars, 30).label).not.toBe('opening_noise');
    expect(alone(bars, -1).label).not.toBe('opening_noise');
    expect(alone(bars, null).label).not.toBe('opening_noise');
    expect(alone(rising(300), 5).label).toBe('trending_bull');
  });

  test('is illiquid when the last bar hardly traded', () => {
    const bars = [...Array.from({ length: 59 }, () => 100), { close: 100, volume: 299_999 }];
    expect(alone(testBars(bars)).label).toBe('low_liquidity');
    expect(alone(testBars([...bars.slice(0, 59), { close: 100, volume: 300_000 }])).label).toBe(
      'unknown',
    );
  });

  test('reverts to the mean only with the 250 bars that the Hurst exponent needs', () => {
    expect(alone(wavering(300))).toMatchObject({ label: 'mean_reverting', tradeability: 0.7 });
    const short = alone(wavering(249));
    expect(short.label).toBe('unknown');
    expect(short.reasoning).toContain(
      'The Hurst exponent was not measured: it needs 250 bars that moved.',
    );
  });

  test('is unknown when nothing moves, without a single figure that is not one', () => {
    const found = alone(testBars(Array.from({ length: 300 }, () => 100)));
    expect(found).toMatchObject({ label: 'unknown', confidence: 0.3, tradeability: 0.3 });
    expect(found.metrics.hurst).toBeNull();
    expect(found.reasoning.at(-2)).toBe('No step matched: the regime is unknown.');
  });

  test('can always be recorded, gives its reasons, and stays within 0 and 1', () => {
    const closes = fc.array(
      fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(
        closes,
        closes,
        fc.option(fc.integer({ min: -60, max: 400 })),
        (own, context, minutesSinceOpen) => {
          const found = classify({
            bars: testBars(own),
            context: market(...context),
            minutesSinceOpen,
            withModel: true,
          });
          expect(classificationSchema.safeParse(JSON.parse(JSON.stringify(found))).success).toBe(
            true,
          );
          expect(found.reasoning.length).toBeGreaterThan(0);
          for (const value of [
            found.confidence,
            found.tradeability,
            ...Object.values(found.compatibility).map(({ score }) => score),
          ]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

describe('what a regime rests on', () => {
  test('is the last 300 bars, so that the label does not depend on how many the model is given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -300, max: 310 }), {
          minLength: 300,
          maxLength: 520,
          size: 'max',
        }),
        (moves) => {
          let close = 100;
          const bars = testBars(moves.map((move) => (close *= 1 + move / 10_000)));
          const { metrics, reasoning, ...long } = alone(bars);
          const short = alone(lastBars(bars, 300));
          expect(short).toMatchObject({ metrics, reasoning, ...long });
          expect(metrics.bars).toBe(300);
          const asked = classify({ bars, context: null, minutesSinceOpen: null, withModel: true });
          expect(asked).toMatchObject(long);
          expect(asked.metrics).toEqual({ ...metrics, hmm: asked.metrics.hmm });
          expect(asked.reasoning.slice(0, -1)).toEqual(reasoning.slice(0, -1));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is nothing that is not a number: a figure that lacks one is null, and its step says so', () => {
    const columns = ['open', 'high', 'low', 'close', 'volume'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...columns),
        fc.integer({ min: 0, max: 299 }),
        fc.boolean(),
        (column, at, wild) => {
          const bars = testBars(
            Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 100 : wild ? 150 : 100.5)),
          );
          bars[column][at] = Number.NaN;
          const found = classify({ bars, context: bars, minutesSinceOpen: 400, withModel: true });
          expect(classificationSchema.safeParse(JSON.parse(JSON.stringify(found))).success).toBe(
            true,
          );
          expect(Object.values(found.metrics)).not.toContain(Number.NaN);
          expect(found.reasoning.join(' ')).not.toMatch(/NaN|Infinity/);
          if (found.metrics.atrPct === null) {
            expect(found.label).not.toBe('high_vol_unstable');
            expect(found.reasoning.join(' ')).toMatch(/ATR\(14\).*volatility was not measured/);
          } else if (wild) expect(found.label).toBe('high_vol_unstable');
        },
      ),
    );
  });

  test('includes the second opinion, which changes no label', () => {
    const bars = wavering(300);
    const asked = classify({ bars, context: null, minutesSinceOpen: null, withModel: true });
    const { metrics, reasoning, ...rest } = alone(bars);
    expect(asked).toMatchObject(rest);
    expect(metrics.hmm).toBeNull();
    expect(reasoning.at(-1)).toContain('was not asked');
    expect(asked.reasoning.at(-1)).toMatch(/hidden Markov model/);
    expect(asked.reasoning.at(-1)).not.toContain('was not asked');
  });
});

describe('the context’s move', () => {
  test('is from the close of the day before, on shorter bars too', () => {
    const endMs = Date.UTC(2026, 2, 3, 15);
    const bars = testBars([1, 1], { timeframe: '5Min', endMs });
    // 121 times five minutes before 10:00 New York is the day before.
    const closes = Array.from({ length: 122 }, (_, i) => (i === 0 ? 50 : 100));
    const context = testBars([...closes.slice(0, -1), 97], { timeframe: '5Min', endMs });
    expect(contextMovePct(context, bars)).toBeCloseTo((97 / 50 - 1) * 100, 10);
    expect(contextMovePct(testBars(closes.slice(1), { timeframe: '5Min', endMs }), bars)).toBeNaN();
  });

  test('is measured at the half hour that ends a session', () => {
    const session = { endMs: Date.UTC(2026, 2, 3, 20, 30), timeframe: '1Hour' } as const;
    const closes = Array.from({ length: 400 }, (_, i) => (i === 399 ? 98 : 100));
    const end = (minute: number) =>
      ({ timeframe: '15Min', endMs: Date.UTC(2026, 2, 3, 20, minute) }) as const;
    const bars = testBars([1, 1], session);
    expect(contextMovePct(testBars(closes, end(45)), bars)).toBeCloseTo(-2, 10);
    expect(contextMovePct(testBars(closes, end(30)), bars)).toBeCloseTo(-2, 10);
    expect(contextMovePct(testBars(closes, end(15)), bars)).toBeNaN();
  });

  test('is not measured from old bars, from one, or from none', () => {
    expect(contextMovePct(market(100, 98), rising(30))).toBeCloseTo(-2, 10);
    const old = testBars([100, 90], { endMs: Date.UTC(2026, 1, 27, 5) });
    expect(contextMovePct(old, rising(30))).toBeNaN();
    for (const context of [market(100), market(), null])
      expect(contextMovePct(context, rising(30))).toBeNaN();
  });
});

describe('compatibility', () => {
  test('is nought against the regime, as tabled in it, and discounted elsewhere', () => {
    expect(compatibilityIn('mean_reverting').momentum).toEqual({ compatible: false, score: 0 });
    expect(compatibilityIn('trending_bull').momentum).toEqual({ compatible: true, score: 0.9 });
    expect(compatibilityIn('trending_bear').vwap).toEqual({ compatible: true, score: 0.4 * 0.7 });
    expect(compatibilityIn('trending_bear').momentum).toEqual({
      compatible: false,
      score: 0.3 * 0.7,
    });
  });
  test('lets nothing trade in an unknown regime', () => {
    for (const family of strategyFamilies)
      expect(compatibilityIn('unknown')[family]!.compatible).toBe(false);
  });
});

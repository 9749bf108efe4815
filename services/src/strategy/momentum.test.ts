import { type Price, price } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TestBar, testBars } from '../market/test-bars.ts';
import { classify } from '../regime/index.ts';
import { momentum } from './momentum.ts';
import { strategies } from './registry.ts';
import { rewardToRisk } from './strategy.ts';

/** Two steps up, one down: rising, and never exhausted. */
const climb = (count: number): TestBar[] => {
  let close = 100;
  return Array.from({ length: count }, (_, i) => {
    close += i % 3 === 2 ? -0.55 : 0.4;
    return { close: Math.round(close * 100) / 100 };
  });
};
const past = climb(299);
const priorHigh = Math.max(...past.slice(-20).map(({ close }) => close));
const breakout: TestBar = {
  close: priorHigh + 0.05,
  high: priorHigh + 0.3,
  low: priorHigh - 0.5,
  volume: 2_000_000,
};

const bull = classify({
  bars: testBars(Array.from({ length: 300 }, (_, i) => 100 * 1.003 ** i)),
  context: null,
  minutesSinceOpen: null,
  withModel: false,
});
const on = (last: TestBar, classification = bull) =>
  momentum({ bars: testBars([...past, last]), classification });
const failed = (last: TestBar, classification = bull) => {
  const { conditions, draft } = on(last, classification);
  expect(draft).toBeNull();
  return conditions.filter(({ met }) => !met).map(({ name }) => name);
};

describe('momentum_v1', () => {
  test('buys a breakout just above the old high, stop under it, target at twice the risk', () => {
    const { conditions, draft } = on(breakout);
    expect(conditions.every(({ met }) => met)).toBe(true);
    expect(draft).toMatchObject({ side: 'buy', maxHoldBars: 48 });
    const entry = price.toFloat(draft!.entry);
    expect(entry).toBe(Math.ceil(Math.round(priorHigh * 1.001 * 1e6) / 1e4) / 100);
    expect(price.toFloat(draft!.stop)).toBeCloseTo(priorHigh - 0.5, 10);
    expect(rewardToRisk(draft!)).toBe(2);
    expect(draft!.confidence).toBeCloseTo(
      0.4 * 0.9 + 0.3 + 0.15 + (0.15 * (draft!.indicators.rsi! - 55)) / 25,
      10,
    );
  });

  test('takes the stop of two ATRs when the bar’s low is further', () => {
    const { draft } = on({ ...breakout, low: priorHigh - 30 });
    const byRange = price.toFloat(draft!.entry) - 2 * draft!.indicators.atr!;
    expect(price.toFloat(draft!.stop)).toBe(Math.floor(byRange * 100) / 100);
  });

  test('names each condition that fails, and all others still', () => {
    expect(failed({ ...breakout, high: priorHigh, close: priorHigh })).toEqual(['breakout']);
    expect(failed({ ...breakout, volume: 1_499_999 })).toEqual(['volume']);
    expect(failed(breakout, { ...bull, compatibility: {} })).toEqual(['regime']);
    expect(on({ ...breakout, volume: 1 }).conditions.map(({ name }) => name)).toEqual([
      'history',
      'regime',
      'breakout',
      'volume',
      'trend',
      'strength',
      'not_run_away',
      'stop_below_entry',
    ]);
  });

  test('is silent in a falling or an exhausted market', () => {
    const down = testBars([
      ...Array.from({ length: 299 }, (_, i) => 200 - i * 0.3),
      { close: 150, volume: 2_000_000 },
    ]);
    expect(
      momentum({ bars: down, classification: bull })
        .conditions.filter(({ met }) => !met)
        .map(({ name }) => name),
    ).toContain('trend');
    const up = testBars(Array.from({ length: 300 }, (_, i) => 100 + i * 0.3));
    expect(
      momentum({ bars: up, classification: bull })
        .conditions.filter(({ met }) => !met)
        .map(({ name }) => name),
    ).toContain('strength');
  });

  test('D37: a gap that carries the bar above the entry gives no signal', () => {
    const gap = {
      open: priorHigh + 2,
      close: priorHigh + 2.2,
      high: priorHigh + 2.5,
      low: priorHigh + 1.8,
      volume: 3_000_000,
    };
    expect(failed(gap)).toEqual(expect.arrayContaining(['not_run_away', 'stop_below_entry']));
  });

  test('D37: stop < entry < target on the tick grid and entry >= close, whatever the last bar', () => {
    const cents = fc.integer({ min: -300, max: 400 }).map((offset) => priorHigh + offset / 100);
    let drafts = 0;
    fc.assert(
      fc.property(
        fc.tuple(cents, cents, cents, cents),
        fc.integer({ min: 1, max: 5_000_000 }),
        ([open, close, a, b], volume) => {
          const { draft, conditions } = on({
            open,
            close,
            high: Math.max(open, close, a, b),
            low: Math.min(open, close, a, b),
            volume,
          });
          expect(draft === null).toBe(conditions.some(({ met }) => !met));
          if (draft === null) return;
          drafts += 1;
          expect(draft.stop).toBeLessThan(draft.entry);
          expect(draft.entry).toBeLessThan(draft.target);
          expect(draft.entry).toBeGreaterThanOrEqual(price.fromFloat(close));
          expect(
            [draft.entry, draft.stop, draft.target].every((p: Price) => price.isOnTick(p)),
          ).toBe(true);
          expect(draft.confidence).toBeLessThanOrEqual(0.95);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(drafts).toBeGreaterThan(20);
  });

  test('D35, D36: too few bars are said to be too few, whatever they look like', () => {
    for (const count of [0, 1, 13, 14, 54]) {
      const { conditions, draft } = momentum({
        bars: testBars([...past, breakout].slice(300 - count)),
        classification: bull,
      });
      expect(draft).toBeNull();
      expect(conditions).toEqual([
        {
          name: 'history',
          met: false,
          detail: `There are ${count} completed bars; 55 are needed.`,
        },
      ]);
    }
    expect(
      momentum({ bars: testBars([...past, breakout].slice(-55)), classification: bull })
        .conditions[0]!.met,
    ).toBe(true);
  });

  test('is silent, not wrong, on bars that never moved or traded', () => {
    const still = testBars(Array.from({ length: 300 }, () => ({ close: 100, volume: 0 })));
    const { draft, conditions } = momentum({
      bars: still,
      classification: classify({
        bars: still,
        context: null,
        minutesSinceOpen: null,
        withModel: false,
      }),
    });
    expect(draft).toBeNull();
    expect(conditions.find(({ name }) => name === 'volume')!.detail).toContain('not measured');
  });
});

describe('the registry', () => {
  test('names every strategy by its key', () => {
    for (const [id, definition] of Object.entries(strategies)) {
      expect(definition.id).toBe(id);
      expect(definition.historyBars).toBeLessThanOrEqual(5_000);
    }
  });
});

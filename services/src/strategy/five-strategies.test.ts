import { price, quantity } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { type TestBar, testBars } from '../market/test-bars.ts';
import { inOrder } from './levels.ts';
import { strategies } from './registry.ts';
import type { StrategyFinding, StrategyInput } from './strategy.ts';
import { inputOf, regimeOf } from './test-strategy-input.ts';

const levels = ({ draft }: StrategyFinding) =>
  draft === null
    ? null
    : [draft.side, ...[draft.entry, draft.stop, draft.target].map((each) => price.format(each))];
const failed = ({ conditions }: StrategyFinding) =>
  conditions.filter(({ met }) => !met).map(({ name }) => name);
const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

/** From the close of a session to the opening of the next: seventeen hours and a half. */
const nightMs = 17.5 * 60 * 60_000;

/** Five-minute bars of which the last begins at `end`; the first `before` of them a night earlier. */
const intraday = (bars: readonly (TestBar | number)[], end: string, before = 0): BarSeries => {
  const series = testBars(bars, { timeframe: '5Min', endMs: at(end) });
  return {
    ...series,
    start: series.start.map((start, n) => (n < before ? start - nightMs : start)),
  };
};

describe('orb_v1', () => {
  const evening = Array.from({ length: 12 }, () => ({
    close: 100,
    high: 100.2,
    low: 99.8,
    volume: 9_000,
  }));
  const morning = (rest: Partial<TestBar> = {}): readonly TestBar[] => [
    { open: 100, close: 100.5, high: 101, low: 99.5, volume: 1_000 },
    { open: 100.5, close: 100, high: 100.8, low: 99, volume: 2_000 },
    { open: 100, close: 100.2, high: 100.6, low: 99.4, volume: 3_000 },
    { open: 100.2, close: 100.4, high: 100.5, low: 100, volume: 1_000 },
    { open: 100.4, close: 101.2, high: 101.3, low: 100.3, volume: 4_000, ...rest },
  ];
  const winter = '2026-01-15T14:50:00Z';
  const summer = '2026-07-15T13:50:00Z';
  /** The range is 99 to 101; the last bar begins at 09:50 in New York unless told otherwise. */
  const found = (bars: readonly TestBar[], end = winter, rest: Partial<StrategyInput> = {}) =>
    strategies.orb_v1.evaluate(inputOf(intraday([...evening, ...bars], end, evening.length), rest));

  test.each([winter, summer])('D8: trades the break of 09:30 to 09:45 New York at %s', (end) => {
    // Ten basis points above 101 is 101.101, up to the cent; the middle is 100; two widths are four.
    expect(levels(found(morning(), end))).toEqual(['buy', '101.11', '100', '105.11']);
  });

  test('sells short a break down', () => {
    const down = { open: 99.5, close: 98.8, high: 99.6, low: 98.7 };
    expect(levels(found(morning(down)))).toEqual(['sell_short', '98.9', '100', '94.9']);
  });

  test('takes no notice of what traded before the opening', () => {
    const early = { close: 100, high: 130, low: 70, volume: 90_000 };
    const bars = intraday([...evening, early, ...morning()], winter, evening.length);
    const { conditions } = strategies.orb_v1.evaluate(inputOf(bars));
    expect(conditions.find(({ name }) => name === 'opening_range')?.detail).toContain(
      '99.00 to 101.00',
    );
  });

  test.each<[string, readonly TestBar[]]>([
    ['volume', morning({ volume: 3_999 })],
    ['break', morning({ close: 101 })],
    ['gap', morning().map((bar, n) => (n === 0 ? { ...bar, open: 102.1, high: 102.2 } : bar))],
    ['opening_range', morning().slice(1)],
  ])('needs %s, and says so', (name, bars) => {
    expect(failed(found(bars))).toContain(name);
  });

  test.each([
    ['before 09:45 there is no range yet', '2026-01-15T14:40:00Z'],
    ['from 11:00 on its time is over', '2026-01-15T16:00:00Z'],
    ['09:50 in UTC is night in New York', '2026-01-15T09:50:00Z'],
  ])('%s', (_, end) => {
    const finding = found(morning(), end);
    expect(finding.draft).toBeNull();
    expect(failed(finding).some((name) => name === 'time' || name === 'opening_range')).toBe(true);
  });

  test('wants a regime that suits it', () => {
    const classification = regimeOf('risk_off', false);
    expect(failed(found(morning(), winter, { classification }))).toEqual(['regime']);
  });
});

describe('vwap_reclaim_v1', () => {
  // Sixty quiet bars at 100, four below it, and one that comes back on volume.
  const dip = [99.8, 99.7, 99.6, 99.8].map((close) => ({ close, low: close - 0.1, volume: 1_000 }));
  const swing = Array.from({ length: 60 }, (_, i) => ({
    close: 100 + (i % 2) * 0.2,
    volume: 1_000,
  }));
  const back: TestBar = { close: 100.4, high: 100.5, low: 99.8, volume: 2_000 };
  const found = (bars: readonly TestBar[], rest: Partial<StrategyInput> = {}) =>
    strategies.vwap_reclaim_v1.evaluate(inputOf(intraday(bars, '2026-01-15T20:00:00Z'), rest));

  test('buys the close back above the session’s VWAP', () => {
    const finding = found([...swing, ...dip, back]);
    expect(failed(finding)).toEqual([]);
    // 100.4 and five basis points is 100.4502, up to the cent; a tenth of a per cent under 99.5 is 99.4005.
    expect(levels(finding)?.slice(0, 3)).toEqual(['buy', '100.46', '99.4']);
    // Half as much again as the risk of 1.06 lies above the highest high of 100.2.
    expect(levels(finding)?.[3]).toBe('102.05');
  });

  test.each([
    ['volume', [...swing, ...dip, { ...back, volume: 1_000 }]],
    [
      'dip',
      [
        ...swing,
        { close: 100.15, volume: 1_000 },
        { close: 100.2, volume: 1_000 },
        ...Array.from({ length: 5 }, () => ({ close: 100.2, volume: 1_000 })),
        back,
      ],
    ],
    ['reclaim', [...swing, ...dip, { ...back, close: 99.9 }]],
  ])('needs %s, and says so', (name, bars) => {
    expect(failed(found(bars))).toContain(name);
  });

  test('begins the VWAP anew with the session: a dip of yesterday is none', () => {
    // The last bar is the first of its day in New York.
    const bars = intraday([...swing, ...dip, back], '2026-01-16T05:00:00Z');
    const finding = strategies.vwap_reclaim_v1.evaluate(inputOf(bars));
    expect(failed(finding)).toContain('dip');
  });
});

describe('rsi_mean_reversion_v1', () => {
  test('asks for a day’s volume, not a bar’s, and says when there is none', () => {
    const bars = intraday(
      Array.from({ length: 60 }, (_, i) => 100 - (i % 3)),
      '2026-01-15T20:00:00Z',
    );
    const of = (shares: number | null) =>
      failed(
        strategies.rsi_mean_reversion_v1.evaluate(
          inputOf(bars, {
            averageDailyVolume: shares === null ? null : quantity.fromShares(shares),
          }),
        ),
      );
    expect(of(1_000_000)).not.toContain('liquidity');
    expect(of(999_999)).toContain('liquidity');
    expect(of(null)).toContain('liquidity');
    expect(strategies.rsi_mean_reversion_v1.needsDailyVolume).toBe(true);
  });
});

describe('each strategy', () => {
  const definitions = Object.values(strategies);

  test('looks at its own timeframe, with history enough for EMA(200)', () => {
    expect(definitions.map(({ id, timeframe }) => [id, timeframe])).toEqual([
      ['momentum_v1', '1Day'],
      ['vwap_reclaim_v1', '5Min'],
      ['ema_trend_v1', '5Min'],
      ['rsi_mean_reversion_v1', '5Min'],
      ['atr_swing_v1', '1Day'],
      ['orb_v1', '5Min'],
    ]);
    for (const { historyBars } of definitions) expect(historyBars).toBeGreaterThanOrEqual(250);
  });

  const anyBars = fc.record({
    start: fc.constantFrom('2026-01-15T15:10:00Z', '2026-07-15T14:10:00Z', '2026-03-09T19:00:00Z'),
    label: fc.constantFrom(
      'trending_bull' as const,
      'trending_bear' as const,
      'mean_reverting' as const,
    ),
    drift: fc.integer({ min: -3, max: 3 }),
    steps: fc.array(
      fc.record({
        move: fc.integer({ min: -60, max: 60 }),
        wick: fc.nat(50),
        burst: fc.oneof(
          { weight: 6, arbitrary: fc.constant(1) },
          { weight: 1, arbitrary: fc.integer({ min: 2, max: 6 }) },
        ),
      }),
      { minLength: 0, maxLength: 120, size: 'max' },
    ),
  });
  type Any = typeof anyBars extends fc.Arbitrary<infer Value> ? Value : never;
  const barsOf = ({ start, drift, steps }: Any, timeframe: '1Day' | '5Min') => {
    let cents = 5_000;
    const rows = steps.map(({ move, wick, burst }): TestBar => {
      const before = cents;
      cents = Math.max(200, cents + move + drift * 4);
      return {
        open: before / 100,
        close: cents / 100,
        high: (Math.max(before, cents) + wick) / 100,
        low: Math.max(1, Math.min(before, cents) - wick) / 100,
        volume: 500_000 * burst,
      };
    });
    if (timeframe === '1Day') return testBars(rows, { timeframe, endMs: at(start) });
    // The last nine bars begin with the opening, forty minutes before the last of them.
    return intraday(rows, start, Math.max(0, rows.length - 9));
  };

  test.each(definitions)(
    '$id drafts only trades that make sense, on the grid, on any bars',
    (definition) => {
      fc.assert(
        fc.property(anyBars, (any) => {
          const bars = barsOf(any, definition.timeframe as '1Day' | '5Min');
          const input = inputOf(bars, { classification: regimeOf(any.label) });
          const { draft, conditions } = definition.evaluate(input);
          expect(draft === null).toBe(conditions.some(({ met }) => !met));
          if (draft === null) return;
          expect(inOrder(draft.side, draft)).toBe(true);
          for (const each of [draft.entry, draft.stop, draft.target])
            expect(price.isOnTick(each)).toBe(true);
          expect(draft.confidence >= 0 && draft.confidence <= 1).toBe(true);
          expect(definition.evaluate(input)).toEqual({ draft, conditions });
        }),
        { numRuns: propertyRuns(300) },
      );
    },
  );

  test.each(definitions)(
    '$id trades some of a thousand walks, and gives its reasons on the others',
    (definition) => {
      let drafts = 0;
      for (const any of fc.sample(anyBars, { numRuns: 4_000, seed: 5 })) {
        const bars = barsOf(any, definition.timeframe as '1Day' | '5Min');
        const { draft } = definition.evaluate(
          inputOf(bars, { classification: regimeOf(any.label) }),
        );
        if (draft !== null) drafts += 1;
      }
      expect(drafts, definition.id).toBeGreaterThan(0);
    },
  );
});

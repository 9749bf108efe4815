import { quantity } from '@sentinel/contracts/kernel';
import type { BarSeries, Timeframe } from '@sentinel/contracts/market';
import type { RegimeLabel } from '@sentinel/contracts/regime';
import { type TestBar, testBars } from '../market/test-bars.ts';
import type { StrategyDefinition, StrategyInput } from './strategy.ts';
import { regimeOf } from './test-strategy-input.ts';

/** From the close of a session to the opening of the next: seventeen hours and a half. */
const nightMs = 17.5 * 60 * 60_000;
const ends = ['2026-01-15T15:10:00Z', '2026-07-15T14:10:00Z', '2026-03-09T19:00:00Z'] as const;
const labels = ['trending_bull', 'trending_bear', 'mean_reverting'] as const;

/** Whole numbers from 0 on, below what is asked: the same for a seed on any machine. */
const seeded = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const walkBars = (draw: (below: number) => number, timeframe: Timeframe): BarSeries => {
  const end = ends[draw(3)] as string;
  const drift = draw(7) - 3;
  let cents = 5_000;
  const rows = Array.from({ length: 40 + draw(80) }, (): TestBar => {
    const before = cents;
    cents = Math.max(200, cents + draw(121) - 60 + drift * 4);
    const wick = draw(51);
    return {
      open: before / 100,
      close: cents / 100,
      high: (Math.max(before, cents) + wick) / 100,
      low: Math.max(1, Math.min(before, cents) - wick) / 100,
      volume: 500_000 * (draw(7) === 0 ? 2 + draw(5) : 1),
    };
  });
  const endMs = Temporal.Instant.from(end).epochMilliseconds;
  const bars = testBars(rows, { timeframe, endMs });
  if (timeframe === '1Day') return bars;
  // The last nine bars begin with the opening, forty minutes before the last of them.
  const before = Math.max(0, rows.length - 9);
  return { ...bars, start: bars.start.map((start, n) => (n < before ? start - nightMs : start)) };
};

/** A walk of prices for one strategy, in a regime that suits it, but for one walk in eight. */
export const walk = (
  { timeframe }: Pick<StrategyDefinition, 'timeframe'>,
  seed: number,
): Omit<StrategyInput, 'clock'> => {
  const draw = seeded(seed);
  const bars = walkBars(draw, timeframe);
  const label = labels[draw(3)] as RegimeLabel;
  const suits = draw(8) !== 0;
  const volume = draw(4);
  const classification = regimeOf(label, suits);
  const known = draw(16) !== 0;
  return {
    bars,
    // A regime may say nothing of a family that came after it.
    classification: known ? classification : { ...classification, compatibility: {} },
    averageDailyVolume: volume === 0 ? null : quantity.fromShares(volume * 700_000),
  };
};

import type { Condition } from '@sentinel/contracts/strategy';
import { wilderAtr } from '../market/index.ts';
import {
  condition,
  findingOf,
  historyCondition,
  last,
  levelsCondition,
  regimeFit,
  text,
} from './finding.ts';
import { levelsOf, type Side } from './levels.ts';
import { type OpeningRange, openingRange } from './opening-range.ts';
import type { ParametersOf, StrategyFinding, StrategyInput } from './strategy.ts';

/** The numbers of orb_v1. */
export const orbParameters = {
  rangeMinutes: 15,
  lastMinute: 90,
  mostAtrPct: 4,
  mostGapPct: 2,
  leastVolumeRatio: 2,
  entryBpsBeyondRange: 10,
  targetWidths: 2,
  maxHoldBars: 15,
} as const;
export type OrbParameters = ParametersOf<typeof orbParameters>;

type Input = Pick<StrategyInput, 'bars' | 'classification' | 'clock'>;

const leastBars = 4;

const measure = ({ bars, clock }: Pick<Input, 'bars' | 'clock'>, range: OpeningRange) => ({
  close: last(bars.close),
  minutesAfterOpen: last(clock.minutesAfterOpen),
  atrPct: (last(wilderAtr(bars)) / last(bars.close)) * 100,
  gapPct: range.gapPct,
  rangeHigh: range.high,
  rangeLow: range.low,
  rangeVolume: range.meanVolume,
  volume: last(bars.volume),
});
type Figures = ReturnType<typeof measure>;

const timeConditions = (
  f: Figures,
  { bars, barsOfWhole }: OpeningRange,
  p: OrbParameters,
): readonly Condition[] => [
  condition(
    'time',
    f.minutesAfterOpen >= p.rangeMinutes && f.minutesAfterOpen < p.lastMinute,
    `The bar began ${text(f.minutesAfterOpen)} minutes after 09:30 New York; it must be from ${p.rangeMinutes} to under ${p.lastMinute}.`,
  ),
  condition(
    'opening_range',
    bars === barsOfWhole && f.rangeHigh > f.rangeLow,
    `This session’s first ${p.rangeMinutes} minutes have ${bars} of ${barsOfWhole} bars, from ${text(f.rangeLow)} to ${text(f.rangeHigh)}; all are needed, and a width.`,
  ),
];

const marketConditions = (side: Side, f: Figures, p: OrbParameters): readonly Condition[] => [
  condition(
    'volatility',
    f.atrPct <= p.mostAtrPct,
    `ATR(14) is ${text(f.atrPct)} % of the close; at most ${text(p.mostAtrPct)} % will do.`,
  ),
  condition(
    'gap',
    Math.abs(f.gapPct) <= p.mostGapPct,
    `The session opened ${text(f.gapPct)} % from the last session’s close; at most ${text(p.mostGapPct)} % either way will do.`,
  ),
  condition(
    'break',
    side === 'buy' ? f.close > f.rangeHigh : f.close < f.rangeLow,
    `The close ${text(f.close)} must be outside the range from ${text(f.rangeLow)} to ${text(f.rangeHigh)}.`,
  ),
  condition(
    'volume',
    f.rangeVolume > 0 && f.volume >= p.leastVolumeRatio * f.rangeVolume,
    `Volume is ${text(f.volume)}; at least ${text(p.leastVolumeRatio)} times the opening range’s average of ${text(f.rangeVolume)} is needed.`,
  ),
];

/**
 * Trades the break out of the session's first quarter of an hour, either way: entry just beyond the
 * range, stop in its middle, target two widths on.
 */
export const orb = (
  { bars, classification, clock }: Input,
  parameters: OrbParameters = orbParameters,
): StrategyFinding => {
  const enough = historyCondition(bars.close.length, leastBars);
  if (!enough.met) return { conditions: [enough], draft: null };
  const fit = regimeFit(classification, 'orb');
  const range = openingRange(bars, clock, parameters.rangeMinutes);
  const f = measure({ bars, clock }, range);
  const middle = (f.rangeHigh + f.rangeLow) / 2;
  const side: Side = f.close < middle ? 'sell_short' : 'buy';
  const sign = side === 'buy' ? 1 : -1;
  const levels = levelsOf(side, {
    entry:
      (side === 'buy' ? f.rangeHigh : f.rangeLow) *
      (1 + (sign * parameters.entryBpsBeyondRange) / 10_000),
    stop: () => middle,
    target: (entry) => entry + sign * parameters.targetWidths * (f.rangeHigh - f.rangeLow),
  });
  const conditions = [
    enough,
    fit.condition,
    ...timeConditions(f, range, parameters),
    ...marketConditions(side, f, parameters),
    levelsCondition(side, levels),
  ];
  const volume = Math.min(f.volume / (f.rangeVolume * 4), 0.3);
  return findingOf(conditions, {
    side,
    levels,
    confidence: Math.min(0.85, 0.45 * fit.score + volume + 0.25),
    maxHoldBars: parameters.maxHoldBars,
    indicators: f,
  });
};

import { price } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import type { Condition } from '@sentinel/contracts/strategy';
import { ema, rollingExtreme, rsi, volumeRatio, wilderAtr } from '../market/index.ts';
import { condition, findingOf, historyCondition, last, regimeFit, text } from './finding.ts';
import { type Levels, levelsOf } from './levels.ts';
import type { ParametersOf, StrategyFinding, StrategyInput } from './strategy.ts';

/** The numbers of momentum_v1; each may be set at registration. */
export const momentumParameters = {
  breakoutBars: 20,
  leastVolumeRatio: 1.5,
  leastRsi: 55,
  mostRsi: 80,
  entryBpsAboveBreakout: 10,
  stopAtrs: 2,
  rewardToRisk: 2,
  maxHoldBars: 48,
} as const;
export type MomentumParameters = ParametersOf<typeof momentumParameters>;

const slowestAverage = 50;
/** The slow average, and a few bars for it to be more than its seed. */
const leastBars = 55;

const measure = (bars: BarSeries, { breakoutBars }: MomentumParameters) => ({
  close: last(bars.close),
  high: last(bars.high),
  low: last(bars.low),
  priorHigh: last(rollingExtreme.max(bars.high, breakoutBars), 2),
  volumeRatio: volumeRatio(bars.volume),
  emaFast: last(ema(bars.close, 20)),
  emaSlow: last(ema(bars.close, slowestAverage)),
  rsi: last(rsi(bars.close)),
  atr: last(wilderAtr(bars)),
});

type Figures = ReturnType<typeof measure>;

/** Entry just above the broken high, the stop at the nearer of the bar's low and a few ATRs down. */
const levelsFor = (f: Figures, p: MomentumParameters): Levels | undefined =>
  levelsOf('buy', {
    entry: f.priorHigh * (1 + p.entryBpsAboveBreakout / 10_000),
    stop: (entry) => Math.max(f.low, entry - p.stopAtrs * f.atr),
    target: (entry, risk) => entry + p.rewardToRisk * risk,
  });

const marketConditions = (f: Figures, p: MomentumParameters): readonly Condition[] => [
  condition(
    'breakout',
    f.high > f.priorHigh,
    `The high ${text(f.high)} must be above ${text(f.priorHigh)}, the highest of the ${p.breakoutBars} bars before.`,
  ),
  condition(
    'volume',
    f.volumeRatio >= p.leastVolumeRatio,
    `Volume is ${text(f.volumeRatio)} times its average; at least ${text(p.leastVolumeRatio)} is needed.`,
  ),
  condition(
    'trend',
    f.emaFast > f.emaSlow,
    `EMA(20) at ${text(f.emaFast)} must be above EMA(${slowestAverage}) at ${text(f.emaSlow)}.`,
  ),
  condition(
    'strength',
    f.rsi >= p.leastRsi && f.rsi <= p.mostRsi,
    `RSI(14) is ${text(f.rsi)}; it must be from ${text(p.leastRsi)} to ${text(p.mostRsi)}.`,
  ),
];

/** A gap can carry the close past the entry, and the bar's low with it: then there is no trade. */
const priceConditions = (figures: Figures, levels: Levels | undefined): readonly Condition[] => {
  if (levels === undefined)
    return [condition('levels', false, 'ATR(14) or the prior high was not measured.')];
  const [entry, stop] = [price.format(levels.entry), price.format(levels.stop)];
  return [
    condition(
      'not_run_away',
      levels.entry >= price.fromFloat(figures.close),
      `The entry ${entry} must not be below the close ${text(figures.close)}.`,
    ),
    condition(
      'stop_below_entry',
      levels.stop > 0n && levels.stop < levels.entry,
      `The stop ${stop} must be below the entry ${entry}.`,
    ),
  ];
};

const confidenceOf = (
  f: Figures,
  compatibility: number,
  { leastRsi }: MomentumParameters,
): number => {
  const volume = Math.min(f.volumeRatio / 3, 0.3);
  const strength = (0.15 * (f.rsi - leastRsi)) / 25;
  return Math.min(0.95, 0.4 * compatibility + volume + 0.15 + strength);
};

/**
 * Buys a breakout: a new high on volume, in a rising trend that is strong but not exhausted. Every
 * condition is reported; a draft comes only when all are met, and then stop < entry < target.
 */
export const momentum = (
  { bars, classification }: Pick<StrategyInput, 'bars' | 'classification'>,
  parameters: MomentumParameters = momentumParameters,
): StrategyFinding => {
  const enough = historyCondition(bars.close.length, leastBars);
  if (!enough.met) return { conditions: [enough], draft: null };
  const fit = regimeFit(classification, 'momentum');
  const figures = measure(bars, parameters);
  const levels = levelsFor(figures, parameters);
  const conditions = [
    enough,
    fit.condition,
    ...marketConditions(figures, parameters),
    ...priceConditions(figures, levels),
  ];
  return findingOf(conditions, {
    side: 'buy',
    levels,
    confidence: confidenceOf(figures, fit.score, parameters),
    maxHoldBars: parameters.maxHoldBars,
    indicators: figures,
  });
};

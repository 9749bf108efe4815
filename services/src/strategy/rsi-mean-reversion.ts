import { quantity } from '@sentinel/contracts/kernel';
import type { Condition } from '@sentinel/contracts/strategy';
import { rollingExtreme, rsi, sessionVwap, wilderAdx } from '../market/index.ts';
import {
  condition,
  findingOf,
  historyCondition,
  last,
  levelsCondition,
  regimeFit,
  text,
} from './finding.ts';
import { levelsOf } from './levels.ts';
import type { ParametersOf, StrategyFinding, StrategyInput } from './strategy.ts';

/** The numbers of rsi_mean_reversion_v1. */
export const rsiMeanReversionParameters = {
  leastDailyVolume: 1_000_000,
  oversoldBars: 10,
  mostOversoldRsi: 30,
  recoveredRsi: 35,
  mostVwapDeviationPct: 2,
  mostAdx: 20,
  stopBpsBelowLow: 10,
  rewardToRisk: 2,
  maxHoldBars: 15,
} as const;
export type RsiMeanReversionParameters = ParametersOf<typeof rsiMeanReversionParameters>;

type Input = Pick<StrategyInput, 'bars' | 'classification' | 'clock' | 'averageDailyVolume'>;

const leastBars = 30;

const measure = (
  { bars, clock, averageDailyVolume }: Input,
  { oversoldBars }: RsiMeanReversionParameters,
) => {
  const strength = rsi(bars.close);
  const vwap = last(sessionVwap({ ...bars, session: clock.key }));
  const close = last(bars.close);
  return {
    close,
    averageDailyVolume:
      averageDailyVolume === null ? Number.NaN : quantity.toFloat(averageDailyVolume),
    lowestRsi: last(rollingExtreme.min(strength, oversoldBars)),
    rsiBefore: last(strength, 2),
    rsi: last(strength),
    vwap,
    vwapDeviationPct: ((close - vwap) / vwap) * 100,
    adx: last(wilderAdx(bars)),
    lowest: last(rollingExtreme.min(bars.low, oversoldBars)),
  };
};
type Figures = ReturnType<typeof measure>;

const conditionsOf = (f: Figures, p: RsiMeanReversionParameters): readonly Condition[] => [
  condition(
    'liquidity',
    f.averageDailyVolume >= p.leastDailyVolume,
    `The average daily volume is ${Number.isNaN(f.averageDailyVolume) ? 'not measured, for want of 20 completed days' : Math.round(f.averageDailyVolume)}; at least ${p.leastDailyVolume} shares are needed.`,
  ),
  condition(
    'oversold',
    f.lowestRsi <= p.mostOversoldRsi,
    `The lowest RSI(14) of ${p.oversoldBars} bars is ${text(f.lowestRsi)}; it must have come down to ${text(p.mostOversoldRsi)}.`,
  ),
  condition(
    'recovery',
    f.rsi > p.recoveredRsi && f.rsi > f.rsiBefore,
    `RSI(14) is ${text(f.rsi)} after ${text(f.rsiBefore)}; it must be above ${text(p.recoveredRsi)} and rising.`,
  ),
  condition(
    'near_vwap',
    Math.abs(f.vwapDeviationPct) <= p.mostVwapDeviationPct,
    `The close is ${text(f.vwapDeviationPct)} % from the session’s VWAP; at most ${text(p.mostVwapDeviationPct)} % either way will do.`,
  ),
  condition(
    'no_trend',
    f.adx <= p.mostAdx,
    `ADX(14) is ${text(f.adx)}; at most ${text(p.mostAdx)} will do.`,
  ),
];

const confidenceOf = (f: Figures, score: number, p: RsiMeanReversionParameters): number => {
  const oversold = (0.25 * (p.mostOversoldRsi - f.lowestRsi)) / p.mostOversoldRsi;
  const recovery = (0.2 * (f.rsi - p.recoveredRsi)) / p.recoveredRsi;
  const near = 0.15 * (1 - Math.abs(f.vwapDeviationPct) / p.mostVwapDeviationPct);
  return Math.min(0.88, 0.4 * score + oversold + recovery + near);
};

/**
 * Buys the recovery from an oversold low of a liquid symbol that is in no trend: stop under the low,
 * target the higher of twice the risk and the session's VWAP.
 */
export const rsiMeanReversion = (
  input: Input,
  parameters: RsiMeanReversionParameters = rsiMeanReversionParameters,
): StrategyFinding => {
  const enough = historyCondition(input.bars.close.length, leastBars);
  if (!enough.met) return { conditions: [enough], draft: null };
  const fit = regimeFit(input.classification, 'rsi');
  const f = measure(input, parameters);
  const levels = levelsOf('buy', {
    entry: f.close,
    stop: () => f.lowest * (1 - parameters.stopBpsBelowLow / 10_000),
    target: (entry, risk) => Math.max(entry + parameters.rewardToRisk * risk, f.vwap),
  });
  const conditions = [
    enough,
    fit.condition,
    ...conditionsOf(f, parameters),
    levelsCondition('buy', levels),
  ];
  return findingOf(conditions, {
    side: 'buy',
    levels,
    confidence: confidenceOf(f, fit.score, parameters),
    maxHoldBars: parameters.maxHoldBars,
    indicators: f,
  });
};

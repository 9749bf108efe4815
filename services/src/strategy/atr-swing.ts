import type { BarSeries } from '@sentinel/contracts/market';
import type { Condition } from '@sentinel/contracts/strategy';
import { ema, rollingExtreme, wilderAtr } from '../market/index.ts';
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
import type { ParametersOf, StrategyFinding, StrategyInput } from './strategy.ts';

/** The numbers of atr_swing_v1. */
export const atrSwingParameters = {
  slopeBars: 5,
  weekBars: 5,
  pullbackBars: 3,
  pullbackAtrs: 1.5,
  pullbackSlackBps: 100,
  stopAtrs: 2,
  targetAtrs: 4,
  maxHoldBars: 20,
} as const;
export type AtrSwingParameters = ParametersOf<typeof atrSwingParameters>;

const leastBars = 60;

const measure = (bars: BarSeries, p: AtrSwingParameters) => {
  const average = ema(bars.close, 50);
  return {
    close: last(bars.close),
    ema: last(average),
    emaBefore: last(average, p.slopeBars + 1),
    weekClose: last(bars.close, p.weekBars),
    atr: last(wilderAtr(bars)),
    pullbackLow: last(rollingExtreme.min(bars.low, p.pullbackBars)),
    pullbackHigh: last(rollingExtreme.max(bars.high, p.pullbackBars)),
    priorHigh: last(bars.high, 2),
    priorLow: last(bars.low, 2),
  };
};
type Figures = ReturnType<typeof measure>;

const pullback = (side: Side, f: Figures, p: AtrSwingParameters): Condition => {
  const sign = side === 'buy' ? 1 : -1;
  const far = f.ema - sign * p.pullbackAtrs * f.atr;
  const limit = far * (1 + (sign * p.pullbackSlackBps) / 10_000);
  return side === 'buy'
    ? condition(
        'pullback',
        f.pullbackLow <= limit,
        `The lowest of ${p.pullbackBars} bars, ${text(f.pullbackLow)}, must have come down to ${text(limit)}, about ${p.pullbackAtrs} ATR below EMA(50).`,
      )
    : condition(
        'pullback',
        f.pullbackHigh >= limit,
        `The highest of ${p.pullbackBars} bars, ${text(f.pullbackHigh)}, must have come up to ${text(limit)}, about ${p.pullbackAtrs} ATR above EMA(50).`,
      );
};

/** A sell is a buy in the mirror, its trigger too: the earlier engine sold without one. */
const conditionsOf = (side: Side, f: Figures, p: AtrSwingParameters): readonly Condition[] => {
  const [rising, above, below] =
    side === 'buy' ? ['rising', 'above', 'below'] : ['falling', 'below', 'above'];
  const beyond = (a: number, b: number) => (side === 'buy' ? a > b : a < b);
  const prior = side === 'buy' ? f.priorHigh : f.priorLow;
  return [
    condition(
      'slope',
      beyond(f.ema, f.emaBefore),
      `EMA(50) at ${text(f.ema)} must be ${rising}; it was ${text(f.emaBefore)} ${p.slopeBars} bars ago.`,
    ),
    condition(
      'trend_side',
      f.close === f.ema || beyond(f.close, f.ema),
      `The close ${text(f.close)} must not be ${below} EMA(50) at ${text(f.ema)}.`,
    ),
    condition(
      'week',
      beyond(f.close, f.weekClose),
      `The close ${text(f.close)} must be ${above} ${text(f.weekClose)}, the first close of the last ${p.weekBars}.`,
    ),
    pullback(side, f, p),
    condition(
      'trigger',
      beyond(f.close, prior),
      `The close ${text(f.close)} must be ${above} ${text(prior)}, the ${side === 'buy' ? 'high' : 'low'} of the bar before.`,
    ),
  ];
};

/**
 * Rejoins a daily trend after a deep swing against it: buys in a bull regime, sells in a bear one.
 * Entry at the close, stop two ATRs behind it, target four ahead.
 */
export const atrSwing = (
  { bars, classification }: Pick<StrategyInput, 'bars' | 'classification'>,
  parameters: AtrSwingParameters = atrSwingParameters,
): StrategyFinding => {
  const enough = historyCondition(bars.close.length, leastBars);
  if (!enough.met) return { conditions: [enough], draft: null };
  const fit = regimeFit(classification, 'atr');
  const f = measure(bars, parameters);
  const side: Side = classification.label === 'trending_bear' ? 'sell_short' : 'buy';
  const sign = side === 'buy' ? 1 : -1;
  const levels = levelsOf(side, {
    entry: f.close,
    stop: (entry) => entry - sign * parameters.stopAtrs * f.atr,
    target: (entry) => entry + sign * parameters.targetAtrs * f.atr,
  });
  const conditions = [
    enough,
    fit.condition,
    ...conditionsOf(side, f, parameters),
    levelsCondition(side, levels),
  ];
  const range = Math.min(f.atr / (0.02 * f.close), 0.3);
  return findingOf(conditions, {
    side,
    levels,
    confidence: Math.min(0.88, 0.5 * fit.score + range + 0.2),
    maxHoldBars: parameters.maxHoldBars,
    indicators: f,
  });
};

import type { BarSeries } from '@sentinel/contracts/market';
import type { Condition } from '@sentinel/contracts/strategy';
import { ema, rollingExtreme, wilderAdx, wilderAtr } from '../market/index.ts';
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

/** The numbers of ema_trend_v1. */
export const emaTrendParameters = {
  leastAdx: 20,
  pullbackBars: 4,
  pullbackBpsFromEma: 50,
  entryBpsBeyondBar: 10,
  stopAtrs: 2,
  stopBpsFromEma: 50,
  rewardToRisk: 2.5,
  maxHoldBars: 30,
} as const;
export type EmaTrendParameters = ParametersOf<typeof emaTrendParameters>;

const leastBars = 60;

const measure = (bars: BarSeries, { pullbackBars }: EmaTrendParameters) => ({
  close: last(bars.close),
  emaFast: last(ema(bars.close, 8)),
  emaMiddle: last(ema(bars.close, 21)),
  emaSlow: last(ema(bars.close, 50)),
  adx: last(wilderAdx(bars)),
  atr: last(wilderAtr(bars)),
  priorHigh: last(bars.high, 2),
  priorLow: last(bars.low, 2),
  pullbackLow: last(rollingExtreme.min(bars.low, pullbackBars), 2),
  pullbackClose: last(rollingExtreme.max(bars.close, pullbackBars), 2),
});
type Figures = ReturnType<typeof measure>;

/** The pullback of a fall is read from closes, that of a rise from lows: a wick up is no weakness. */
const pullback = (side: Side, f: Figures, p: EmaTrendParameters): Condition => {
  const bps = side === 'buy' ? p.pullbackBpsFromEma : -p.pullbackBpsFromEma;
  const near = f.emaMiddle * (1 + bps / 10_000);
  return side === 'buy'
    ? condition(
        'pullback',
        f.pullbackLow <= near,
        `The lowest of the ${p.pullbackBars} bars before, ${text(f.pullbackLow)}, must have come down to ${text(near)}, near EMA(21).`,
      )
    : condition(
        'pullback',
        f.pullbackClose >= near,
        `The highest close of the ${p.pullbackBars} bars before, ${text(f.pullbackClose)}, must have come up to ${text(near)}, near EMA(21).`,
      );
};

const conditionsOf = (side: Side, f: Figures, p: EmaTrendParameters): readonly Condition[] => {
  const [above, below] = side === 'buy' ? ['above', 'below'] : ['below', 'above'];
  const beyond = (a: number, b: number) => (side === 'buy' ? a > b : a < b);
  return [
    condition(
      'alignment',
      beyond(f.emaFast, f.emaMiddle) && beyond(f.emaMiddle, f.emaSlow),
      `EMA(8) at ${text(f.emaFast)} must be ${above} EMA(21) at ${text(f.emaMiddle)}, and that ${above} EMA(50) at ${text(f.emaSlow)}.`,
    ),
    condition(
      'trend',
      f.adx >= p.leastAdx,
      `ADX(14) is ${text(f.adx)}; at least ${text(p.leastAdx)} is needed.`,
    ),
    pullback(side, f, p),
    condition(
      'resumption',
      side === 'buy' ? f.close >= f.emaMiddle : f.close <= f.emaMiddle,
      `The close ${text(f.close)} must not be ${below} EMA(21) at ${text(f.emaMiddle)}.`,
    ),
  ];
};

const levelsFor = (side: Side, f: Figures, p: EmaTrendParameters) => {
  const sign = side === 'buy' ? 1 : -1;
  const nearest = side === 'buy' ? Math.max : Math.min;
  return levelsOf(side, {
    entry:
      (side === 'buy' ? f.priorHigh : f.priorLow) * (1 + (sign * p.entryBpsBeyondBar) / 10_000),
    stop: () =>
      nearest(
        f.emaSlow - sign * p.stopAtrs * f.atr,
        f.emaSlow * (1 - (sign * p.stopBpsFromEma) / 10_000),
      ),
    target: (entry, risk) => entry + sign * p.rewardToRisk * risk,
  });
};

/**
 * Trades with an ordered set of averages after a pullback to the middle one, either way: entry just
 * beyond the bar before, stop behind the slow average, target 2.5 times the risk.
 */
export const emaTrend = (
  { bars, classification }: Pick<StrategyInput, 'bars' | 'classification'>,
  parameters: EmaTrendParameters = emaTrendParameters,
): StrategyFinding => {
  const enough = historyCondition(bars.close.length, leastBars);
  if (!enough.met) return { conditions: [enough], draft: null };
  const fit = regimeFit(classification, 'ema');
  const f = measure(bars, parameters);
  const side: Side = f.emaFast >= f.emaSlow ? 'buy' : 'sell_short';
  const levels = levelsFor(side, f, parameters);
  const conditions = [
    enough,
    fit.condition,
    ...conditionsOf(side, f, parameters),
    levelsCondition(side, levels),
  ];
  const trend = Math.min((f.adx - parameters.leastAdx) / 50, 0.3);
  return findingOf(conditions, {
    side,
    levels,
    confidence: Math.min(0.9, 0.45 * fit.score + trend + 0.25),
    maxHoldBars: parameters.maxHoldBars,
    indicators: f,
  });
};

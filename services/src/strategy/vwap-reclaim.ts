import type { Condition } from '@sentinel/contracts/strategy';
import { rollingExtreme, rsi, sessionVwap, volumeRatio } from '../market/index.ts';
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

/** The numbers of vwap_reclaim_v1. */
export const vwapReclaimParameters = {
  dipBars: 5,
  leastVolumeRatio: 1.2,
  leastRsi: 50,
  mostRsi: 70,
  entryBpsAboveClose: 5,
  stopBpsBelowLow: 10,
  rewardToRisk: 1.5,
  maxHoldBars: 20,
} as const;
export type VwapReclaimParameters = ParametersOf<typeof vwapReclaimParameters>;

const leastBars = 30;

const measure = (
  { bars, clock }: Pick<StrategyInput, 'bars' | 'clock'>,
  { dipBars }: VwapReclaimParameters,
) => {
  const vwap = sessionVwap({ ...bars, session: clock.key });
  const now = bars.close.length - 1;
  let dips = 0;
  for (let i = Math.max(0, now - dipBars); i < now; i++)
    if (clock.key[i] === clock.key[now] && (bars.close[i] as number) < (vwap[i] as number)) dips++;
  return {
    close: last(bars.close),
    vwap: last(vwap),
    dips,
    volumeRatio: volumeRatio(bars.volume),
    rsi: last(rsi(bars.close)),
    dipLow: last(rollingExtreme.min(bars.low, dipBars), 2),
    highBefore: last(rollingExtreme.max(bars.high, now), 2),
  };
};
type Figures = ReturnType<typeof measure>;

const conditionsOf = (f: Figures, p: VwapReclaimParameters): readonly Condition[] => [
  condition(
    'reclaim',
    f.close > f.vwap,
    `The close ${text(f.close)} must be above the session’s VWAP ${text(f.vwap)}.`,
  ),
  condition(
    'dip',
    f.dips > 0,
    `${f.dips} of the ${p.dipBars} bars before closed below the VWAP of this session; one is needed.`,
  ),
  condition(
    'volume',
    f.volumeRatio >= p.leastVolumeRatio,
    `Volume is ${text(f.volumeRatio)} times its average; at least ${text(p.leastVolumeRatio)} is needed.`,
  ),
  condition(
    'strength',
    f.rsi >= p.leastRsi && f.rsi <= p.mostRsi,
    `RSI(14) is ${text(f.rsi)}; it must be from ${text(p.leastRsi)} to ${text(p.mostRsi)}.`,
  ),
];

/**
 * Buys when the price comes back above its session's VWAP on volume: stop under the dip, target the
 * higher of 1.5 times the risk and the highest high of the bars before.
 */
export const vwapReclaim = (
  { bars, classification, clock }: Pick<StrategyInput, 'bars' | 'classification' | 'clock'>,
  parameters: VwapReclaimParameters = vwapReclaimParameters,
): StrategyFinding => {
  const enough = historyCondition(bars.close.length, leastBars);
  if (!enough.met) return { conditions: [enough], draft: null };
  const fit = regimeFit(classification, 'vwap');
  const f = measure({ bars, clock }, parameters);
  const levels = levelsOf('buy', {
    entry: f.close * (1 + parameters.entryBpsAboveClose / 10_000),
    stop: () => f.dipLow * (1 - parameters.stopBpsBelowLow / 10_000),
    target: (entry, risk) => Math.max(entry + parameters.rewardToRisk * risk, f.highBefore),
  });
  const conditions = [
    enough,
    fit.condition,
    ...conditionsOf(f, parameters),
    levelsCondition('buy', levels),
  ];
  const strength = (0.25 * (f.rsi - parameters.leastRsi)) / 20;
  return findingOf(conditions, {
    side: 'buy',
    levels,
    confidence: Math.min(0.9, 0.5 * fit.score + (0.25 * f.volumeRatio) / 4 + strength),
    maxHoldBars: parameters.maxHoldBars,
    indicators: f,
  });
};

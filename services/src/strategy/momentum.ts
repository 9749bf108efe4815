import { divide, type Price, price } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import type { Classification } from '@sentinel/contracts/regime';
import type { Condition } from '@sentinel/contracts/strategy';
import { ema, rollingExtreme, rsi, volumeRatio, wilderAtr } from '../market/index.ts';
import type { StrategyFinding } from './strategy.ts';

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
export type MomentumParameters = { readonly [Name in keyof typeof momentumParameters]: number };

const slowestAverage = 50;
/** The slow average, and a few bars for it to be more than its seed. */
const leastBars = 55;

type Figures = {
  readonly close: number;
  readonly high: number;
  readonly low: number;
  readonly priorHigh: number;
  readonly volumeRatio: number;
  readonly emaFast: number;
  readonly emaSlow: number;
  readonly rsi: number;
  readonly atr: number;
};

const last = (column: Float64Array, back = 1): number => column.at(-back) ?? Number.NaN;

const measure = (bars: BarSeries, { breakoutBars }: MomentumParameters): Figures => ({
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

type Levels = { readonly entry: Price; readonly stop: Price; readonly target: Price };

/**
 * Prices of the trade, on the tick grid: entry just above the broken high, the stop at the nearer of
 * the bar's low and a few ATRs down. Undefined when a figure is missing.
 */
const levelsOf = (figures: Figures, parameters: MomentumParameters): Levels | undefined => {
  if (!Number.isFinite(figures.priorHigh + figures.atr + figures.low)) return undefined;
  const above = 10_000n + BigInt(parameters.entryBpsAboveBreakout);
  const wanted = divide(price.fromFloat(figures.priorHigh) * above, 10_000n, 'up') as Price;
  const entry = price.toTick(wanted, 'up');
  const byRange = price.toFloat(entry) - parameters.stopAtrs * figures.atr;
  const stop = price.toTick(price.fromFloat(Math.max(figures.low, byRange)), 'down');
  const reward = Number(entry - stop) * parameters.rewardToRisk;
  const target = price.toTick((entry + BigInt(Math.round(reward))) as Price, 'up');
  return { entry, stop, target };
};

const text = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(2) : 'not measured';

const condition = (name: string, met: boolean, detail: string): Condition => ({
  name,
  met,
  detail,
});

const marketConditions = (
  f: Figures,
  fit: { readonly label: string; readonly compatible: boolean; readonly score: number },
  p: MomentumParameters,
): readonly Condition[] => [
  condition(
    'regime',
    fit.compatible,
    `The regime ${fit.label} ${fit.compatible ? 'suits' : 'does not suit'} momentum (score ${text(fit.score)}).`,
  ),
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
  bars: BarSeries,
  classification: Classification,
  parameters: MomentumParameters = momentumParameters,
): StrategyFinding => {
  const count = bars.close.length;
  const enough = condition(
    'history',
    count >= leastBars,
    `There are ${count} completed bars; ${leastBars} are needed.`,
  );
  if (!enough.met) return { conditions: [enough], draft: null };
  const figures = measure(bars, parameters);
  const levels = levelsOf(figures, parameters);
  const fit = classification.compatibility.momentum ?? { compatible: false, score: 0 };
  const conditions = [
    enough,
    ...marketConditions(figures, { label: classification.label, ...fit }, parameters),
    ...priceConditions(figures, levels),
  ];
  if (levels === undefined || conditions.some(({ met }) => !met))
    return { conditions, draft: null };
  if (!(levels.stop < levels.entry && levels.entry < levels.target))
    throw new Error(
      `momentum made a trade without sense: ${Object.values(levels).map(price.format)}`,
    );
  const confidence = confidenceOf(figures, fit.score, parameters);
  const { maxHoldBars } = parameters;
  return {
    conditions,
    draft: { side: 'buy', confidence, ...levels, maxHoldBars, indicators: figures },
  };
};

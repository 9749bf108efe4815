import { type Timeframe, timeframeMinutes } from '@sentinel/contracts/market';
import type { RegimeLabel } from '@sentinel/contracts/regime';
import { hurstBand } from '../market/index.ts';
import type { WaterfallMetrics } from './measure.ts';

/** What one step of the waterfall says: why, and the label if it is the one. */
export type Step = {
  readonly reason: string;
  readonly match?: {
    readonly label: RegimeLabel;
    readonly confidence: number;
    readonly tradeability: number;
  };
};

/** What a step of the waterfall looks at. */
export type Measured = { readonly metrics: WaterfallMetrics; readonly timeframe: Timeframe };

/** Of a daily bar, in percent; a shorter bar ranges less, by the square root of its length. */
const unstableDailyAtrPct = 2.5;

const text = (value: number, digits = 2): string => value.toFixed(digits);

export const openingNoise = ({ metrics, timeframe }: Measured): Step => {
  const minutes = metrics.minutesSinceOpen;
  if (timeframe === '1Day') return { reason: 'Opening noise does not concern daily bars.' };
  if (minutes === null) return { reason: 'The market has no opening, hence no opening noise.' };
  if (minutes < 0 || minutes >= 30)
    return { reason: `${text(minutes, 0)} minutes from the opening: no opening noise.` };
  return {
    reason: `Only ${text(minutes, 0)} minutes since the opening, under 30: prices are still found.`,
    match: { label: 'opening_noise', confidence: 0.85, tradeability: minutes < 15 ? 0.25 : 0.4 },
  };
};

export const highVolatility = ({ metrics, timeframe }: Measured): Step => {
  const limit =
    unstableDailyAtrPct * Math.sqrt(timeframeMinutes[timeframe] / timeframeMinutes['1Day']);
  const { atrPct } = metrics;
  if (atrPct === null)
    return {
      reason: 'Insufficient data for ATR(14), which needs 15 bars: volatility was not measured.',
    };
  if (atrPct <= limit)
    return { reason: `ATR(14) is ${text(atrPct)} % of the price, not above ${text(limit)} %.` };
  return {
    reason: `ATR(14) is ${text(atrPct)} % of the price, above ${text(limit)} %: too volatile.`,
    match: { label: 'high_vol_unstable', confidence: 0.8, tradeability: 0.15 },
  };
};

export const riskOff = ({ metrics: { contextMovePct } }: Measured): Step => {
  if (contextMovePct === null)
    return { reason: 'The whole market’s move from its prior close was not measured.' };
  if (contextMovePct >= -1.5)
    return { reason: `The whole market moved ${text(contextMovePct)} %, not below -1.50 %.` };
  return {
    reason: `The whole market fell ${text(-contextMovePct)} % from its prior close, over 1.50 %.`,
    match: { label: 'risk_off', confidence: 0.85, tradeability: 0.2 },
  };
};

export const lowLiquidity = ({ metrics: { volumeRatio } }: Measured): Step => {
  if (volumeRatio === null)
    return { reason: 'Insufficient data for the volume ratio, which needs 21 bars that traded.' };
  if (volumeRatio >= 0.3)
    return { reason: `Volume is ${text(volumeRatio)} of its average, not below 0.30.` };
  return {
    reason: `Volume is ${text(volumeRatio)} of its average, below 0.30: hardly traded.`,
    match: { label: 'low_liquidity', confidence: 0.75, tradeability: 0.1 },
  };
};

export const trending = ({ metrics: { adx, ema200, close } }: Measured): Step => {
  if (adx === null || close === null)
    return { reason: 'Insufficient data for ADX(14), which needs 28 bars: no trend was measured.' };
  if (adx <= 25) return { reason: `ADX(14) is ${text(adx)}, not above 25: no strong trend.` };
  if (ema200 === null)
    return {
      reason: `ADX(14) is ${text(adx)}, above 25, but EMA(200), which would tell the direction, needs 200 bars: insufficient data.`,
    };
  const bull = close > ema200;
  return {
    reason: `ADX(14) is ${text(adx)}, above 25, and the close ${text(close)} is ${bull ? 'above' : 'not above'} EMA(200) at ${text(ema200)}.`,
    match: {
      label: bull ? 'trending_bull' : 'trending_bear',
      confidence: Math.min(0.95, 0.6 + (adx - 25) / 100),
      tradeability: 0.8,
    },
  };
};

export const meanReverting = ({ metrics: { hurst, bollingerWidth, bars } }: Measured): Step => {
  if (hurst === null)
    return { reason: 'The Hurst exponent was not measured: it needs 250 bars that moved.' };
  // Below what nine of ten random walks of so many bars show, and not before, it is a finding.
  const floor = hurstBand(bars)?.low;
  if (floor === undefined)
    return {
      reason: `Where the Hurst exponent of a random walk of ${bars} bars lies is not known.`,
    };
  if (hurst >= floor)
    return {
      reason: `Hurst is ${text(hurst)}, not below ${text(floor)}, as far down as a random walk of ${bars} bars gets.`,
    };
  const narrow = bollingerWidth !== null && bollingerWidth < 0.04;
  return {
    reason: `Hurst is ${text(hurst)}, below ${text(floor)}, and the Bollinger width is ${bollingerWidth === null ? 'not measured' : text(bollingerWidth, 4)} (${narrow ? '' : 'not '}below 0.0400): moves revert.`,
    match: {
      label: 'mean_reverting',
      confidence: narrow ? Math.min(0.9, 0.55 + (floor - hurst) * 2) : 0.55,
      tradeability: 0.7,
    },
  };
};

export const weakTrend = ({ metrics: { efficiency, ema50, close } }: Measured): Step => {
  if (efficiency === null || close === null)
    return { reason: 'Insufficient data for the efficiency ratio, which needs 15 bars.' };
  if (efficiency <= 0.6)
    return { reason: `Efficiency is ${text(efficiency)}, not above 0.60: no weak trend either.` };
  if (ema50 === null)
    return {
      reason: `Efficiency is ${text(efficiency)}, above 0.60, but EMA(50), which would tell the direction, needs 50 bars: insufficient data.`,
    };
  const bull = close > ema50;
  return {
    reason: `Efficiency is ${text(efficiency)}, above 0.60, and the close ${text(close)} is ${bull ? 'above' : 'not above'} EMA(50) at ${text(ema50)}.`,
    match: {
      label: bull ? 'trending_bull' : 'trending_bear',
      confidence: 0.55,
      tradeability: 0.72,
    },
  };
};

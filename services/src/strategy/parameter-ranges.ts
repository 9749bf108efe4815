import type { AtrSwingParameters } from './atr-swing.ts';
import type { EmaTrendParameters } from './ema-trend.ts';
import type { MomentumParameters } from './momentum.ts';
import type { OrbParameters } from './orb.ts';
import type { RsiMeanReversionParameters } from './rsi-mean-reversion.ts';
import type { VwapReclaimParameters } from './vwap-reclaim.ts';

/** From which to which number a parameter may be chosen. */
export type ParameterRange = {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
};

const real = (least: number, most: number): ParameterRange => ({ least, most, whole: false });
const whole = (least: number, most: number): ParameterRange => ({ least, most, whole: true });

const bars = whole(1, 100);
const strength = real(0, 100);
const bps = real(0, 500);
const multiple = real(0.25, 20);
const percent = real(0.1, 50);

type ParameterName =
  | keyof MomentumParameters
  | keyof VwapReclaimParameters
  | keyof EmaTrendParameters
  | keyof RsiMeanReversionParameters
  | keyof AtrSwingParameters
  | keyof OrbParameters;

/**
 * What every parameter may be, by its name, which means the same in every type. Within these a rule
 * answers whatever the market does; a test draws parameters and prices and holds that.
 */
export const parameterRanges: Readonly<Record<ParameterName, ParameterRange>> = {
  breakoutBars: bars,
  dipBars: bars,
  pullbackBars: bars,
  oversoldBars: bars,
  slopeBars: bars,
  weekBars: bars,
  maxHoldBars: whole(1, 1_000),
  leastRsi: strength,
  mostRsi: strength,
  mostOversoldRsi: real(1, 99),
  recoveredRsi: real(1, 99),
  leastAdx: strength,
  mostAdx: strength,
  leastVolumeRatio: real(0, 20),
  leastDailyVolume: real(0, 1e9),
  entryBpsAboveBreakout: bps,
  entryBpsAboveClose: bps,
  entryBpsBeyondBar: bps,
  entryBpsBeyondRange: bps,
  pullbackBpsFromEma: bps,
  pullbackSlackBps: bps,
  stopBpsBelowLow: bps,
  stopBpsFromEma: bps,
  stopAtrs: multiple,
  targetAtrs: multiple,
  pullbackAtrs: real(0, 20),
  rewardToRisk: multiple,
  targetWidths: multiple,
  mostVwapDeviationPct: percent,
  mostAtrPct: percent,
  mostGapPct: percent,
  rangeMinutes: whole(5, 60),
  lastMinute: whole(10, 390),
};

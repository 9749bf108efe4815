import { type Price, price, type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import { wilderAtr } from './indicators/index.ts';

/** Daily bars that the figures are reckoned from: enough for Wilder's average to settle. */
export const figureBars = 100;

const volumeDays = 20;

/** What the assessment wants to know of completed daily bars; null with too few of them. */
export type DailyFigures = {
  readonly averageDailyVolume: Quantity | null;
  readonly averageTrueRange: Price | null;
};

/** Reckons the figures of daily bars; the range is Wilder's ATR(14). */
export const dailyFigures = (bars: BarSeries): DailyFigures => {
  const volumes = bars.volume.subarray(-volumeDays);
  const range = wilderAtr(bars).at(-1);
  return {
    averageDailyVolume:
      volumes.length < volumeDays
        ? null
        : quantity.fromShares(Math.round(volumes.reduce((a, b) => a + b, 0) / volumeDays)),
    averageTrueRange: range === undefined || Number.isNaN(range) ? null : price.fromFloat(range),
  };
};

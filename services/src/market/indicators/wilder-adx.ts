import { checkPeriod, unmeasured, wilderStep } from './smoothing.ts';
import { type HighLowClose, trueRangeAt } from './true-range.ts';

/** Wilder's running sums of both directional movements and of the true range. */
type Sums = { plus: number; minus: number; range: number };

const addMovement = (sums: Sums, bars: HighLowClose, i: number): void => {
  const up = (bars.high[i] as number) - (bars.high[i - 1] as number);
  const down = (bars.low[i - 1] as number) - (bars.low[i] as number);
  if (up > 0 && up > down) sums.plus += up;
  else if (down > 0 && down > up) sums.minus += down;
  // A NaN takes neither branch; the range carries it on.
  sums.range += trueRangeAt(bars, i);
};

const decay = (sums: Sums, period: number): void => {
  sums.plus -= sums.plus / period;
  sums.minus -= sums.minus / period;
  sums.range -= sums.range / period;
};

/** Directional index, 0 to 100; undefined where nothing moved either way, so there is no direction. */
const directional = ({ plus, minus, range }: Sums): number | undefined => {
  if (Number.isNaN(range)) return Number.NaN;
  if (range <= 0 || plus + minus <= 0) return undefined;
  return (100 * Math.abs(plus - minus)) / (plus + minus);
};

/**
 * Average directional index by Wilder, 0 to 100, seeded as TA-Lib seeds it: sums over `period - 1`
 * movements to start with, the first value at bar 2 * period - 1. A stretch without movement counts
 * as no direction before the first value and keeps the last value after it, so that flat bars never
 * poison what follows.
 */
export const wilderAdx = (bars: HighLowClose, period = 14): Float64Array => {
  checkPeriod(period);
  const length = bars.close.length;
  const result = unmeasured(length);
  if (length < 2 * period) return result;
  const sums: Sums = { plus: 0, minus: 0, range: 0 };
  for (let i = 1; i < period; i++) addMovement(sums, bars, i);
  let average = 0;
  for (let i = period; i < length; i++) {
    decay(sums, period);
    addMovement(sums, bars, i);
    const index = directional(sums);
    if (i < 2 * period) average += (index ?? 0) / period;
    else if (index !== undefined) average = wilderStep(average, index, period);
    if (i >= 2 * period - 1) result[i] = average;
  }
  return result;
};

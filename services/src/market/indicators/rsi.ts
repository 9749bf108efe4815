import { checkPeriod, unmeasured, wilderStep } from './smoothing.ts';

const strength = (gain: number, loss: number): number => {
  if (Number.isNaN(gain + loss)) return Number.NaN;
  return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
};

/**
 * Relative strength index by Wilder, 0 to 100: 100 when nothing fell, 50 when nothing moved. NaN
 * until `period` changes are known.
 */
export const rsi = (close: Float64Array, period = 14): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(close.length);
  if (close.length <= period) return result;
  let gain = 0;
  let loss = 0;
  for (let i = 1; i < close.length; i++) {
    const change = (close[i] as number) - (close[i - 1] as number);
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    if (i <= period) {
      gain += up / period;
      loss += down / period;
    } else {
      gain = wilderStep(gain, up, period);
      loss = wilderStep(loss, down, period);
    }
    if (i >= period) result[i] = strength(gain, loss);
  }
  return result;
};

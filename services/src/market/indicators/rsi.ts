import { checkPeriod, unmeasured, type ValueStream, wilderWeights } from './column.ts';

/** What neither rises nor falls stands in the middle, and a NaN stays one. */
const strength = (gain: number, loss: number): number => {
  const moved = gain + loss;
  return moved === 0 ? 50 : (100 * gain) / moved;
};

/**
 * Relative strength index by Wilder, 0 to 100: 100 when nothing fell, 50 when nothing moved. NaN
 * until `period` changes are known.
 */
export const rsiStream = (period = 14): ValueStream => {
  checkPeriod(period);
  const { share, keep } = wilderWeights(period);
  let count = 0;
  let before = 0;
  let gain = 0;
  let loss = 0;
  return {
    next: (value) => {
      const change = value - before;
      before = value;
      if (count === 0) {
        count = 1;
        return Number.NaN;
      }
      // A NaN goes down both ways.
      const up = Math.max(change, 0);
      const down = Math.max(-change, 0);
      if (count > period) {
        gain = gain * keep + up * share;
        loss = loss * keep + down * share;
        return strength(gain, loss);
      }
      gain += up / period;
      loss += down / period;
      count += 1;
      return count > period ? strength(gain, loss) : Number.NaN;
    },
  };
};

export const rsi = (close: Float64Array, period = 14): Float64Array => {
  checkPeriod(period);
  const { share, keep } = wilderWeights(period);
  const result = unmeasured(close.length, period);
  if (close.length <= period) return result;
  let before = close[0] as number;
  let gain = 0;
  let loss = 0;
  for (let i = 1; i <= period; i++) {
    const change = (close[i] as number) - before;
    before = close[i] as number;
    gain += Math.max(change, 0) / period;
    loss += Math.max(-change, 0) / period;
  }
  result[period] = strength(gain, loss);
  for (let i = period + 1; i < close.length; i++) {
    const change = (close[i] as number) - before;
    before = close[i] as number;
    gain = gain * keep + Math.max(change, 0) * share;
    loss = loss * keep + Math.max(-change, 0) * share;
    result[i] = strength(gain, loss);
  }
  return result;
};

import { checkPeriod, unmeasured, wilderStep } from './smoothing.ts';
import { type HighLowClose, trueRangeAt } from './true-range.ts';

/**
 * Average true range as Wilder defined it, alpha = 1 / period, in dollars: seeded with the simple
 * average of the first `period` true ranges, of which the first bar has none, as TA-Lib does it.
 */
export const wilderAtr = (bars: HighLowClose, period = 14): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(bars.close.length);
  if (bars.close.length <= period) return result;
  let average = 0;
  for (let i = 1; i <= period; i++) average += trueRangeAt(bars, i) / period;
  result[period] = average;
  for (let i = period + 1; i < bars.close.length; i++) {
    average = wilderStep(average, trueRangeAt(bars, i), period);
    result[i] = average;
  }
  return result;
};

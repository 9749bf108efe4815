import { checkPeriod, unmeasured } from './smoothing.ts';

const rolling = (
  values: Float64Array,
  period: number,
  of: (...window: readonly number[]) => number,
): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(values.length);
  for (let end = period; end <= values.length; end++)
    result[end - 1] = of(...values.subarray(end - period, end));
  return result;
};

/** Highest and lowest of the last `period` values, the current one among them; NaN before that. */
export const rollingExtreme = {
  max: (values: Float64Array, period: number): Float64Array => rolling(values, period, Math.max),
  min: (values: Float64Array, period: number): Float64Array => rolling(values, period, Math.min),
} as const;

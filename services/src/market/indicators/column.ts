/** A period is a whole number of bars from 1 up; anything else is a bug. */
export const checkPeriod = (period: number): void => {
  if (!Number.isInteger(period) || period < 1) throw new RangeError(`not a period: ${period}`);
};

/** How an exponential average weighs a new value, and what it keeps of itself. */
export type Weights = { readonly share: number; readonly keep: number };

/** Wilder's smoothing, alpha = 1 / period. */
export const wilderWeights = (period: number): Weights => ({
  share: 1 / period,
  keep: (period - 1) / period,
});

/**
 * An indicator bar by bar. Batch and stream do the same steps in the same order, and a test holds that
 * they agree to the last bit; the batch keeps its state in local variables, several times as fast.
 */
export type ValueStream = {
  /** The indicator with this value as the newest; NaN until there are enough. */
  readonly next: (value: number) => number;
};

export type BarStream = {
  readonly next: (high: number, low: number, close: number) => number;
};

/** High, low and close of a series of bars. */
export type HighLowClose = {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
};

export const overValues = (values: Float64Array, { next }: ValueStream): Float64Array => {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = next(values[i] as number);
  return result;
};

/** A column as long as `length`, of which the first `warmUp` values stay unmeasured: all by default. */
export const unmeasured = (length: number, warmUp = length): Float64Array =>
  new Float64Array(length).fill(Number.NaN, 0, Math.min(warmUp, length));

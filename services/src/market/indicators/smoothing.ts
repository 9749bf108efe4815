/** A column as long as `length`, nothing in it measured yet. */
export const unmeasured = (length: number): Float64Array =>
  new Float64Array(length).fill(Number.NaN);

/** A period is a whole number of bars from 1 up; anything else is a bug. */
export const checkPeriod = (period: number): void => {
  if (!Number.isInteger(period) || period < 1) throw new RangeError(`not a period: ${period}`);
};

/** One step of Wilder's smoothing, alpha = 1 / period. */
export const wilderStep = (average: number, value: number, period: number): number =>
  average + (value - average) / period;

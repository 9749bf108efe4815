import { checkPeriod, unmeasured, type ValueStream } from './column.ts';
import { slidingWindow } from './window.ts';

/** Upper, middle and lower band in the unit of the values. */
export type Bands = { readonly upper: number; readonly middle: number; readonly lower: number };

const unknown: Bands = { upper: Number.NaN, middle: Number.NaN, lower: Number.NaN };

type Spread = { readonly mean: number; readonly sigma: number };

/**
 * Mean and population deviation of `period` values from `from` on. Two passes over each window: the
 * difference of large running sums would turn a flat one into noise.
 */
const spreadOf = (values: Float64Array, from: number, period: number): Spread => {
  const to = from + period;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  const mean = sum / period;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const off = (values[i] as number) - mean;
    squares += off * off;
  }
  return { mean, sigma: Math.sqrt(squares / period) };
};

/** The spread of the last `period` values; undefined until there are so many. */
const spreadStream = (period: number) => {
  const window = slidingWindow(period);
  return (value: number): Spread | undefined => {
    window.push(value);
    return window.isFull() ? spreadOf(window.room, window.from(), period) : undefined;
  };
};

/**
 * Bollinger bands: the simple average of `period` values, and `deviations` population standard
 * deviations to either side. NaN until there are `period` values.
 */
export const bollingerStream = (period = 20, deviations = 2) => {
  const spread = spreadStream(period);
  return {
    next: (value: number): Bands => {
      const found = spread(value);
      if (found === undefined) return unknown;
      const off = deviations * found.sigma;
      return { upper: found.mean + off, middle: found.mean, lower: found.mean - off };
    },
  };
};

/** The bands as columns. */
export const bollinger = (values: Float64Array, period = 20, deviations = 2) => {
  checkPeriod(period);
  const upper = unmeasured(values.length);
  const middle = unmeasured(values.length);
  const lower = unmeasured(values.length);
  for (let i = period - 1; i < values.length; i++) {
    const { mean, sigma } = spreadOf(values, i - period + 1, period);
    upper[i] = mean + deviations * sigma;
    middle[i] = mean;
    lower[i] = mean - deviations * sigma;
  }
  return { upper, middle, lower };
};

/**
 * Width of the bands as a fraction of their middle: twice `deviations` population standard deviations
 * over the simple average. 0 for a flat window, NaN until there are `period` values.
 */
export const bollingerWidthStream = (period = 20, deviations = 2): ValueStream => {
  const spread = spreadStream(period);
  return {
    next: (value) => {
      const found = spread(value);
      return found === undefined ? Number.NaN : (2 * deviations * found.sigma) / found.mean;
    },
  };
};

export const bollingerWidth = (close: Float64Array, period = 20, deviations = 2): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(close.length);
  for (let i = period - 1; i < close.length; i++) {
    const { mean, sigma } = spreadOf(close, i - period + 1, period);
    result[i] = (2 * deviations * sigma) / mean;
  }
  return result;
};

import { inverse } from './inverse.ts';

/** Beyond this a normal variable is not told from the end by a double. */
const far = 8.2;

const density = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);

/**
 * Probability that a standard normal variable is at most `x`, by the series of Marsaglia (Journal of
 * Statistical Software 11/4, 2004), to about 1e-15.
 */
export const normalCdf = (x: number): number => {
  if (x <= -far) return 0;
  if (x >= far) return 1;
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-18 && n < 1_000; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return Math.min(1, Math.max(0, 0.5 + sum * density(x)));
};

/** The value that a standard normal variable does not exceed with this probability, 0 < p < 1. */
export const normalQuantile = (p: number): number => {
  if (!(p > 0 && p < 1)) throw new RangeError(`not a probability between 0 and 1: ${p}`);
  return inverse(normalCdf, p, { low: -far, high: far });
};

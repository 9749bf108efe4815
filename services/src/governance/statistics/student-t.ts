import { inverse } from './inverse.ts';
import { normalQuantile } from './normal.ts';

/** From so many degrees on the difference from a normal variable is under 0.0002. */
const asGoodAsNormal = 10_000;

/**
 * Probability that Student's t with whole degrees of freedom lies between −t and t: the finite sums of
 * Abramowitz and Stegun, 26.7.3 and 26.7.4.
 */
const within = (t: number, degrees: number): number => {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  if (degrees === 1) return (2 * angle) / Math.PI;
  let term = isOdd ? cosine : 1;
  let sum = term;
  for (let n = isOdd ? 3 : 2; n <= degrees - 2; n += 2) {
    term *= ((n - 1) / n) * cosine * cosine;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
};

/**
 * The value that Student's t does not exceed with this probability, 0.5 ≤ p < 1, at so many whole
 * degrees of freedom, 1 or more.
 */
export const studentTQuantile = (p: number, degrees: number): number => {
  if (!(p >= 0.5 && p < 1)) throw new RangeError(`not a probability from 0.5 to 1: ${p}`);
  if (!Number.isInteger(degrees) || degrees < 1)
    throw new RangeError(`not degrees of freedom: ${degrees}`);
  if (degrees >= asGoodAsNormal) return normalQuantile(p);
  return inverse((t) => 0.5 + within(t, degrees) / 2, p, { low: 0, high: 1e6 });
};

/**
 * The lower bound of a mean, one-sided: with this confidence the true mean is not below it, as far as
 * the values are independent and about normal. Null below two values.
 */
export const lowerBound = (
  { count, mean, stdev }: { readonly count: number; readonly mean: number; readonly stdev: number },
  confidence: number,
): number | null =>
  count < 2 ? null : mean - (studentTQuantile(confidence, count - 1) * stdev) / Math.sqrt(count);

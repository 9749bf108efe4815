import { checkPeriod, overValues, type ValueStream } from './column.ts';

/**
 * Keeps the candidates of the last `period` values: one that is followed by a better one never comes
 * up again. NaN until there are `period` values, and while a NaN is among them.
 */
const extremeStream = (
  period: number,
  isBetter: (a: number, b: number) => boolean,
): ValueStream => {
  checkPeriod(period);
  const values = new Float64Array(period);
  const bars = new Float64Array(period);
  let first = 0;
  let size = 0;
  let bar = 0;
  let lastNaN = Number.NEGATIVE_INFINITY;
  const slot = (i: number): number => (first + i) % period;
  return {
    next: (value) => {
      if (Number.isNaN(value)) lastNaN = bar;
      if (size > 0 && (bars[first] as number) <= bar - period) {
        first = slot(1);
        size -= 1;
      }
      while (size > 0 && !isBetter(values[slot(size - 1)] as number, value)) size -= 1;
      values[slot(size)] = value;
      bars[slot(size)] = bar;
      size += 1;
      bar += 1;
      if (bar < period || lastNaN > bar - 1 - period) return Number.NaN;
      return values[first] as number;
    },
  };
};

const higher = (a: number, b: number): boolean => a > b;
const lower = (a: number, b: number): boolean => a < b;

/** Highest and lowest of the last `period` values, the current one among them; NaN before that. */
export const rollingExtreme = {
  max: (values: Float64Array, period: number): Float64Array =>
    overValues(values, extremeStream(period, higher)),
  min: (values: Float64Array, period: number): Float64Array =>
    overValues(values, extremeStream(period, lower)),
  maxStream: (period: number): ValueStream => extremeStream(period, higher),
  minStream: (period: number): ValueStream => extremeStream(period, lower),
} as const;

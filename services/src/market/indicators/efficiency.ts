import { checkPeriod, type ValueStream } from './column.ts';
import { slidingWindow } from './window.ts';

/** How far the price came over `period` changes, over how far it went. */
const ratioOf = (at: (i: number) => number, period: number): number => {
  let path = 0;
  for (let i = 1; i <= period; i++) path += Math.abs(at(i) - at(i - 1));
  return path === 0 ? 0 : Math.abs(at(period) - at(0)) / path;
};

/** Kaufman's efficiency ratio: 0 to 1, 0 when nothing moved, NaN when there are too few bars. */
export const efficiencyStream = (period = 14): ValueStream => {
  checkPeriod(period);
  const window = slidingWindow(period + 1);
  return {
    next: (close) => {
      window.push(close);
      return window.isFull() ? ratioOf(window.at, period) : Number.NaN;
    },
  };
};

/** The ratio at the last bar. */
export const efficiency = (close: Float64Array, period = 14): number => {
  checkPeriod(period);
  const from = close.length - 1 - period;
  return from < 0 ? Number.NaN : ratioOf((i) => close[from + i] as number, period);
};

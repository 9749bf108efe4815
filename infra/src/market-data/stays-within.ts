import type { StaysWithin } from '@sentinel/contracts/market';

/** The widest that bid and ask stand apart in quoteAround, and two ticks for what is rounded. */
const widestBps = 15n;
const twoTicks = 20_000n;

/** Whether a quote around prices from `low` to `high`, in micro-dollars, surely lies within the bounds. */
export const surelyWithin = (
  low: number,
  high: number,
  { over, under }: Pick<StaysWithin, 'over' | 'under'>,
): boolean => {
  const [least, most] = [BigInt(Math.floor(low)), BigInt(Math.ceil(high))];
  const margin = (most * widestBps) / 10_000n + twoTicks;
  return least - margin > over && most + margin < under;
};

/** The first whole number from `low` up to `high` for which it holds, where it goes on to hold; `high` if none. */
export const firstThat = (low: number, high: number, holds: (each: number) => boolean): number => {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
};

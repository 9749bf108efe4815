import type { HistoryBar } from './history.ts';

const lastSecond = ({ start, end }: HistoryBar): number =>
  Math.max(1, Math.round((end - start) / 1_000) - 1);

/** The seconds of a bar between which its path goes up or down and never turns. */
export const turnsOf = (bar: HistoryBar): readonly [number, number, number, number] => {
  const last = lastSecond(bar);
  const third = Math.floor(last / 3);
  return [0, third, 2 * third, last];
};

/**
 * The price inside a bar, in micro-dollars, a function of time alone: in whole seconds and straight
 * lines from the open to the extreme nearer to it (the low when both are as near), by a third of the
 * bar, to the other by two thirds, and to the close in its last second. What a bar does not tell is
 * the order of its extremes; this one is fixed, and does not look at the close.
 */
export const pathPrice = (bar: HistoryBar, atMs: number): number => {
  const last = lastSecond(bar);
  const second = Math.min(last, Math.max(0, Math.floor((atMs - bar.start) / 1_000)));
  const third = Math.floor(last / 3);
  const highFirst = bar.high - bar.open < bar.open - bar.low;
  const [near, far] = highFirst ? [bar.high, bar.low] : [bar.low, bar.high];
  const leg = (from: number, to: number, share: number) => Math.round(from + (to - from) * share);
  if (second <= third) return leg(bar.open, near, third === 0 ? 1 : second / third);
  if (second <= 2 * third) return leg(near, far, (second - third) / third);
  return leg(far, bar.close, (second - 2 * third) / (last - 2 * third));
};

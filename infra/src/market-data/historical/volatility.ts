import type { FileBar } from './bar-file.ts';

/** Closes that the volatility is taken from, and the fewest that tell one. */
const window = 60;
const fewest = 10;
/** A lively share's day, where too few bars tell its own; and the calmest that is believed. */
const usualSigma = 0.03;
const leastSigma = 0.01;
const beyond = 6;

const rootMeanSquare = (moves: readonly number[]): number =>
  Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length);

/**
 * Whether the step from the bar before to the open at `index`, the first of its day, is more than six
 * times the usual move from day to day of the sixty sessions before it.
 */
export const surprise = (bars: readonly FileBar[], index: number): boolean => {
  const closes: number[] = [];
  for (let i = index - 1; i >= 0 && closes.length <= window; i--) {
    const [bar, after] = [bars[i], bars[i + 1]];
    if (bar !== undefined && after !== undefined && bar.day !== after.day) closes.push(bar.close);
  }
  const moves = closes.slice(1).map((close, i) => Math.log((closes[i] ?? close) / close));
  const sigma = moves.length < fewest ? usualSigma : Math.max(leastSigma, rootMeanSquare(moves));
  const [before, bar] = [bars[index - 1], bars[index]];
  if (before === undefined || bar === undefined) return false;
  return Math.abs(Math.log(bar.open / before.close)) > beyond * sigma;
};

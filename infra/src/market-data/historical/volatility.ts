import type { BarColumns } from './bar-columns.ts';

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
export const surprise = ({ day, open, close }: BarColumns, index: number): boolean => {
  const closes: number[] = [];
  for (let i = index - 1; i >= 0 && closes.length <= window; i--)
    if (day[i] !== day[i + 1]) closes.push(close[i] ?? 1);
  const moves = closes.slice(1).map((older, i) => Math.log((closes[i] ?? older) / older));
  const sigma = moves.length < fewest ? usualSigma : Math.max(leastSigma, rootMeanSquare(moves));
  const step = (open[index] ?? 1) / (close[index - 1] ?? 1);
  return Math.abs(Math.log(step)) > beyond * sigma;
};

import type { Timeframe } from '@sentinel/contracts/market';
import type { BarColumns } from './bar-columns.ts';

const minuteMs = 60_000;
const lengths: ReadonlyMap<number, Timeframe> = new Map([
  [1, '1Min'],
  [5, '5Min'],
  [15, '15Min'],
  [60, '1Hour'],
]);

/** A stray row is no length: at least so many of the steps within a day must be of it. */
const leastShare = 0.02;

/** How often each step between two bars of one day occurs, by minutes. */
const stepsWithinDays = ({ length, day, startMs }: BarColumns): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>();
  for (let i = 1; i < length; i++) {
    if (day[i] !== day[i - 1]) continue;
    const minutes = ((startMs[i] ?? 0) - (startMs[i - 1] ?? 0)) / minuteMs;
    counts.set(minutes, (counts.get(minutes) ?? 0) + 1);
  }
  return counts;
};

/** The length of intraday bars, or a clause that says why none can be told. */
export const intradayTimeframe = (bars: BarColumns): Timeframe | { readonly problem: string } => {
  const steps = stepsWithinDays(bars);
  const shortest = Math.min(...steps.keys());
  const all = [...steps.values()].reduce((sum, count) => sum + count, 0);
  const known = lengths.get(shortest);
  const often = [...steps].sort(([, a], [, b]) => b - a)[0]?.[0];
  if (known === undefined || often === undefined) {
    const found = Number.isFinite(shortest)
      ? `${shortest} minutes`
      : 'not to be told from one bar a day';
    return { problem: `bars must be of 1, 5, 15 or 60 minutes; the length is ${found}` };
  }
  if ((steps.get(shortest) ?? 0) < leastShare * all)
    return {
      problem: `nearly all bars stand ${often} minutes apart, and ${steps.get(shortest)} only ${shortest}: take the strays out`,
    };
  return known;
};

/** Fewest steps that tell a cadence. */
const fewestSteps = 2;
const cadences: readonly (readonly [from: number, to: number, name: string])[] = [
  [6, 8, 'weekly'],
  [12, 16, 'fortnightly'],
  [27, 33, 'monthly'],
  [80, 100, 'quarterly'],
  [330, 400, 'yearly'],
];

/**
 * What bars with dates are when they are not daily: by the middle one of the steps between them, in
 * calendar days. Run as daily bars they would tell a week's close on its Monday.
 */
export const longerThanDaily = ({ length, day }: BarColumns): string | undefined => {
  const steps = Array.from(
    { length: Math.max(0, length - 1) },
    (_, i) => (day[i + 1] ?? 0) - (day[i] ?? 0),
  ).sort((a, b) => a - b);
  const middle = steps[steps.length >> 1];
  if (middle === undefined || steps.length < fewestSteps) return undefined;
  return cadences.find(([from, to]) => middle >= from && middle <= to)?.[2];
};

import { type BarSeries, timeframeMinutes } from '@sentinel/contracts/market';
import type { SessionClock } from './session-clock.ts';

/** What the first minutes of the last bar's session were; a figure is NaN where it was not measured. */
export type OpeningRange = {
  readonly bars: number;
  /** How many bars the range has when none is missing. */
  readonly barsOfWhole: number;
  readonly high: number;
  readonly low: number;
  readonly meanVolume: number;
  /** The session's opening from the close of the last session before it, in percent. */
  readonly gapPct: number;
};

const unmeasured = {
  bars: 0,
  high: Number.NaN,
  low: Number.NaN,
  meanVolume: Number.NaN,
  gapPct: Number.NaN,
} as const;

/** The regular session's length; what trades later belongs to no session's close. */
const sessionMinutes = 390;

/** The last close in regular hours before bar `from`; NaN when it is not among the bars. */
const priorClose = (bars: BarSeries, { minutesAfterOpen }: SessionClock, from: number): number => {
  for (let i = from - 1; i >= 0; i--) {
    const minutes = minutesAfterOpen[i] as number;
    if (minutes >= 0 && minutes < sessionMinutes) return bars.close[i] as number;
  }
  return Number.NaN;
};

/** The range of the regular session's first `minutes`; what trades before the opening is not in it. */
export const openingRange = (
  bars: BarSeries,
  clock: SessionClock,
  minutes: number,
): OpeningRange => {
  const today = clock.key.at(-1);
  const within: number[] = [];
  for (let i = 0; i < bars.close.length; i++) {
    const at = clock.minutesAfterOpen[i] as number;
    if (clock.key[i] === today && at >= 0 && at < minutes) within.push(i);
  }
  const barsOfWhole = minutes / timeframeMinutes[bars.timeframe];
  const [first] = within;
  if (first === undefined) return { ...unmeasured, barsOfWhole };
  const volume = within.reduce((sum, i) => sum + (bars.volume[i] as number), 0);
  const opening = bars.open[first] as number;
  return {
    bars: within.length,
    barsOfWhole,
    high: Math.max(...within.map((i) => bars.high[i] as number)),
    low: Math.min(...within.map((i) => bars.low[i] as number)),
    meanVolume: volume / within.length,
    gapPct: (opening / priorClose(bars, clock, first) - 1) * 100,
  };
};

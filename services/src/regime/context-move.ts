import { exchangeDate } from '@sentinel/contracts/kernel';
import { type BarSeries, timeframeMinutes } from '@sentinel/contracts/market';

const dateOf = (startMs: number) => exchangeDate(Temporal.Instant.fromEpochMilliseconds(startMs));

const lengthMsOf = ({ timeframe }: BarSeries): number => timeframeMinutes[timeframe] * 60_000;

/** The last close before the trading day in which the last bar lies; undefined when not among the bars. */
const priorClose = ({ timeframe, start, close }: BarSeries): number | undefined => {
  if (timeframe === '1Day') return close.at(-2);
  const last = start.at(-1);
  if (last === undefined) return undefined;
  const today = dateOf(last);
  for (let i = start.length - 2; i >= 0; i--)
    if (dateOf(start[i] as number) !== today) return close[i];
  return undefined;
};

/**
 * How far the whole market came from its prior close, in percent. NaN when the context has too few
 * bars, or lacks a whole bar of its own that was complete when the bars it is the context of were.
 */
export const contextMovePct = (context: BarSeries | null, bars: BarSeries): number => {
  const [known, wanted] = [context?.start.at(-1), bars.start.at(-1)];
  if (context === null || known === undefined || wanted === undefined) return Number.NaN;
  const lengthMs = lengthMsOf(context);
  // The last hour of a session is shorter than an hour, so that a long bar's end is not known.
  const leastEnd = wanted + Math.min(lengthMsOf(bars), lengthMs);
  const nextEnd = known + 2 * lengthMs;
  if (nextEnd <= leastEnd) return Number.NaN;
  const [last, before] = [context.close.at(-1), priorClose(context)];
  return last === undefined || before === undefined ? Number.NaN : (last / before - 1) * 100;
};

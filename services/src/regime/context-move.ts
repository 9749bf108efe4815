import { exchangeDate } from '@sentinel/contracts/kernel';
import { type BarSeries, timeframeMinutes } from '@sentinel/contracts/market';

const dateOf = (startMs: number) => exchangeDate(Temporal.Instant.fromEpochMilliseconds(startMs));

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
 * bars, or ends more than one of its own bars before the bars that it is the context of.
 */
export const contextMovePct = (context: BarSeries | null, bars: BarSeries): number => {
  const [end, wanted] = [context?.start.at(-1), bars.start.at(-1)];
  if (context === null || end === undefined || wanted === undefined) return Number.NaN;
  if (end < wanted - timeframeMinutes[context.timeframe] * 60_000) return Number.NaN;
  const [last, before] = [context.close.at(-1), priorClose(context)];
  return last === undefined || before === undefined ? Number.NaN : (last / before - 1) * 100;
};

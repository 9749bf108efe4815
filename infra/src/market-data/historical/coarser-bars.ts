import { type Timeframe, timeframeMinutes } from '@sentinel/contracts/market';
import { type History, type HistoryBar, historyBar, toHistory } from './history.ts';
import type { Session } from './sessions.ts';

/**
 * The same history in longer bars, counted from each session's open; undefined when the wanted bars
 * are shorter than those there are, or no multiple of them. A bar is complete at its own end, also
 * when its last minutes saw no trade.
 */
export const coarserBars = (
  history: History,
  timeframe: Timeframe,
  sessionByDay: ReadonlyMap<number, Session>,
): History | undefined => {
  const own = timeframeMinutes[history.timeframe];
  const wanted = timeframeMinutes[timeframe];
  if (wanted === own) return history;
  if (wanted < own || history.timeframe === '1Day') return undefined;
  if (timeframe !== '1Day' && wanted % own !== 0) return undefined;
  const merged: HistoryBar[] = [];
  for (let i = 0; i < history.start.length; i++) {
    const bar = historyBar(history, i);
    const session = sessionByDay.get(bar.day);
    if (session === undefined) throw new RangeError(`no session on day ${bar.day}`);
    const step = Math.floor((bar.start - session.openMs) / (wanted * 60_000));
    const start = session.openMs + step * wanted * 60_000;
    const last = merged.at(-1);
    if (last === undefined || last.start !== start) {
      merged.push({ ...bar, start, end: Math.min(start + wanted * 60_000, session.closeMs) });
      continue;
    }
    merged[merged.length - 1] = {
      ...last,
      high: Math.max(last.high, bar.high),
      low: Math.min(last.low, bar.low),
      close: bar.close,
      volume: last.volume + bar.volume,
    };
  }
  return toHistory(history.symbol, timeframe, merged);
};

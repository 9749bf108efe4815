import type { StaysWithin } from '@sentinel/contracts/market';
import { firstThat, surelyWithin } from '../stays-within.ts';
import { type History, type HistoryBar, historyBar } from './history.ts';
import { standsAt } from './path-quotes.ts';
import { pathPrice, turnsOf } from './price-path.ts';
import { countUpTo } from './sessions.ts';

/** The first moment in the bar, from `fromMs` on, at which its path may leave the bounds; null for none. */
const leavesAt = (bar: HistoryBar, fromMs: number, bounds: StaysWithin): number | null => {
  if (surelyWithin(bar.low, bar.high, bounds)) return null;
  const isOutside = (second: number): boolean => {
    const each = pathPrice(bar, bar.start + second * 1_000);
    return !surelyWithin(each, each, bounds);
  };
  const first = Math.max(0, Math.floor((fromMs - bar.start) / 1_000));
  const turns = turnsOf(bar);
  for (const [n, from] of turns.slice(0, -1).entries()) {
    const to = turns[n + 1] ?? from;
    if (to < first) continue;
    const begin = Math.max(first, from);
    if (isOutside(begin)) return Math.max(fromMs, bar.start + begin * 1_000);
    if (isOutside(to)) return bar.start + firstThat(begin, to, isOutside) * 1_000;
  }
  // After its last second, and for a while after the bar, its close stands.
  return surelyWithin(bar.close, bar.close, bounds) ? null : Math.max(fromMs, bar.end - 1_000);
};

/** The first moment from `ms` on at which the path of a symbol may leave the bounds, or their end. */
export const calmUntil = (history: History, ms: number, bounds: StaysWithin): number => {
  const untilMs = bounds.until.epochMilliseconds;
  const begun = countUpTo(history.start.length, (i) => history.start[i] ?? 0, ms);
  for (let index = Math.max(0, begun - 1); index < history.start.length; index++) {
    const bar = historyBar(history, index);
    if (bar.start >= untilMs) break;
    if (!standsAt(bar, Math.max(ms, bar.start))) continue;
    const leaves = leavesAt(bar, Math.max(ms, bar.start), bounds);
    if (leaves !== null) return Math.min(leaves, untilMs);
  }
  return untilMs;
};

import { type Price, quantity } from '@sentinel/contracts/kernel';
import { type BarVolume, exchangeDays, type Quote } from '@sentinel/contracts/market';
import { noise } from '../noise.ts';
import { quoteAround } from '../quote-around.ts';
import { type History, type HistoryBar, historyBar } from './history.ts';
import { pathPrice } from './price-path.ts';
import { countUpTo } from './sessions.ts';

/** Lengths of a bar for which the close of the last one is a price to trade at. */
const toleratedGap = 2;
const mostLots = 1_000;
/** The latest that an instant can be: after the last bar there is none. */
const latestMs = 8_640_000_000_000_000;

const startedBy = ({ start }: History, ms: number): number =>
  countUpTo(start.length, (i) => start[i] ?? 0, ms);

/** Whether a bar that has begun, or its close, is still a price to trade at. */
export const standsAt = (bar: HistoryBar, ms: number): boolean =>
  bar.day === exchangeDays.at(ms) && ms < bar.end + toleratedGap * (bar.end - bar.start);

/**
 * The quote at `ms`, from the path through the current bar; its sizes come from the bar before, for
 * the current one's volume is not known yet. In a gap between bars the last close stands, for as long as
 * two bars would take.
 */
export const quoteAt = (history: History, ms: number): Quote | undefined => {
  const index = startedBy(history, ms) - 1;
  if (index < 0) return undefined;
  const bar = historyBar(history, index);
  if (!standsAt(bar, ms)) return undefined;
  const micros = ms < bar.end ? pathPrice(bar, ms) : bar.close;
  const before = index === 0 ? undefined : historyBar(history, index - 1);
  const perSecond =
    before === undefined ? 0 : before.volume / ((before.end - before.start) / 1_000);
  const seed = noise.seed(0, history.symbol);
  const lots = (side: number) => {
    const draw = 0.5 + noise.uniform(seed ^ side, Math.floor(ms / 1_000));
    return Math.min(mostLots, Math.max(1, Math.floor((perSecond * draw) / 100)));
  };
  return quoteAround(BigInt(micros) as Price, {
    symbol: history.symbol,
    source: 'historical',
    at: Temporal.Instant.fromEpochMilliseconds(ms),
    bidLots: lots(1),
    askLots: lots(2),
  });
};

/** Whether the symbol has had its last bar, and no quote stands on it any more. */
export const isOver = (history: History, ms: number): boolean =>
  history.start.length > 0 &&
  startedBy(history, ms) === history.start.length &&
  quoteAt(history, ms) === undefined;

/** In a gap between bars nobody trades. */
export const barAround = (history: History, ms: number): BarVolume => {
  const next = startedBy(history, ms);
  const last = next === 0 ? undefined : historyBar(history, next - 1);
  const isInside = last !== undefined && ms < last.end;
  const endMs = isInside ? last.end : (history.start[next] ?? latestMs);
  const startMs = isInside ? last.start : (last?.end ?? 0);
  return {
    start: Temporal.Instant.fromEpochMilliseconds(startMs),
    end: Temporal.Instant.fromEpochMilliseconds(endMs),
    volume: quantity.fromShares(isInside ? Math.floor(last.volume) : 0),
  };
};

import { remembering } from '@sentinel/contracts/kernel';
import {
  exchangeDays,
  MarketDataUnavailable,
  type Timeframe,
  timeframeSchema,
} from '@sentinel/contracts/market';
import { coarserBars } from './coarser-bars.ts';
import type { Library } from './library.ts';

/** Every symbol's bars in every timeframe that can be had of them, made when first asked for. */
export const timeframesOf = ({ histories, sessions }: Library) => {
  const sessionByDay = new Map(sessions.map((session) => [session.day, session]));
  return new Map(
    [...histories].map(([symbol, history]) => [
      symbol,
      remembering(timeframeSchema.options.length, (timeframe: Timeframe) =>
        coarserBars(history, timeframe, sessionByDay),
      ),
    ]),
  );
};

export const hasEnded = (endMs: number): string =>
  `the replay has ended: its bars end at ${Temporal.Instant.fromEpochMilliseconds(endMs)}`;

/** A start that lies in the replay. @throws MarketDataUnavailable for one that does not */
export const within = (
  { sessions, endMs }: Library,
  start: Temporal.Instant | undefined,
): Temporal.Instant | undefined => {
  const [first, last] = [sessions[0], sessions.at(-1)];
  if (start === undefined || first === undefined || last === undefined) return start;
  const ms = start.epochMilliseconds;
  const isBeforeAll = exchangeDays.at(ms) < first.day;
  if (!isBeforeAll && ms < endMs) return start;
  throw new MarketDataUnavailable(
    `A replay of these bars can begin from ${first.date} to ${last.date}, not on ${exchangeDays.dateOf(exchangeDays.at(ms))}.`,
  );
};

/** @throws MarketDataUnavailable when bars that orders are to be filled on cannot be had of every symbol */
export const mustHave = (
  { histories }: Library,
  timeframes: ReturnType<typeof timeframesOf>,
  fillOn: Timeframe | undefined,
): void => {
  if (fillOn === undefined) return;
  for (const [symbol, history] of histories) {
    if (timeframes.get(symbol)?.(fillOn) !== undefined) continue;
    throw new MarketDataUnavailable(
      `Orders are to be filled on bars of ${fillOn}, but ${symbol}.csv holds bars of ${history.timeframe}, of which none such can be made.`,
    );
  }
};

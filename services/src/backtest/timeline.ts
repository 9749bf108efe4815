import {
  type CalendarSession,
  exchangeDays,
  type MarketCalendar,
  type MarketSession,
  timeframeMinutes,
} from '@sentinel/contracts/market';
import type { TestedSymbol } from './setup.ts';

const msPerMinute = 60_000;

/** A bar that begins at a moment: of which symbol, and which of its bars. */
export type Begins = { readonly of: number; readonly bar: number };

/** The bars that begin at one moment, in the order of the symbols, with the session in which they lie. */
export type Moment = {
  readonly ms: number;
  readonly day: CalendarSession;
  readonly begins: readonly Begins[];
};

/** A daily bar is its whole session; any other begins when it says. */
const sessionOfBar = (calendar: MarketCalendar, ms: number, isDaily: boolean) =>
  isDaily ? calendar.sessionOfDay(exchangeDays.at(ms)) : calendar.sessionAt(ms);

/**
 * Every moment at which bars begin, oldest first. What lies in no session is left out: nobody could have
 * traded there.
 */
export function* momentsOf(
  symbols: readonly TestedSymbol[],
  calendar: MarketCalendar,
): Generator<Moment, void, void> {
  const next = symbols.map(({ first }) => first);
  for (;;) {
    let ms = Number.POSITIVE_INFINITY;
    symbols.forEach(({ bars }, of) => {
      const start = bars.start[next[of] as number];
      if (start !== undefined && start < ms) ms = start;
    });
    if (ms === Number.POSITIVE_INFINITY) return;
    const begins: Begins[] = [];
    let isDaily = false;
    symbols.forEach(({ bars }, of) => {
      const bar = next[of] as number;
      if (bars.start[bar] !== ms) return;
      isDaily = bars.timeframe === '1Day';
      begins.push({ of, bar });
      next[of] = bar + 1;
    });
    const day = sessionOfBar(calendar, ms, isDaily);
    if (day !== undefined) yield { ms: isDaily ? day.openMs : ms, day, begins };
  }
}

/** When a bar that began at a moment is complete. */
export const endOfBar = ({ ms, day }: Moment, { bars }: TestedSymbol): number =>
  bars.timeframe === '1Day'
    ? day.closeMs
    : Math.min(day.closeMs, ms + timeframeMinutes[bars.timeframe] * msPerMinute);

/** The exchange's session as an order in it sees it. */
export const exchangeSession = (day: CalendarSession, { name }: MarketCalendar): MarketSession => ({
  state: 'open',
  date: day.date,
  opensAt: Temporal.Instant.fromEpochMilliseconds(day.openMs),
  closesAt: Temporal.Instant.fromEpochMilliseconds(day.closeMs),
  calendar: name,
});

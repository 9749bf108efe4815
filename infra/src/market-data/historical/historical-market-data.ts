import type {
  BarSeries,
  MarketData,
  MarketSession,
  Ticker,
  Timeframe,
} from '@sentinel/contracts/market';
import type { BoundBars } from '@sentinel/contracts/risk';
import { barHorizon, emptySeries } from '../bar-request.ts';
import { generalCollateral } from '../general-collateral.ts';
import { boundBars } from './bound-bars.ts';
import { calmUntil } from './calm.ts';
import { dividendsWithin } from './dividends.ts';
import type { History } from './history.ts';
import { lastTradeAt } from './last-trade.ts';
import { type Library, type LoadWatch, loadLibrary } from './library.ts';
import { barAround, isOver, quoteAt } from './path-quotes.ts';
import { hasEnded, mustHave, timeframesOf, within } from './replay-bounds.ts';
import { defaultStart } from './replay-start.ts';
import { countUpTo, type ReplayCalendar } from './sessions.ts';
import { virtualClock } from './virtual-clock.ts';

const upTo = (column: Float64Array, ms: number): number =>
  countUpTo(column.length, (i) => column[i] ?? 0, ms);

/** The session around an instant; outside one, the next, and after the last one that. */
const sessionAt = ({ sessions, endMs }: Library, ms: number): MarketSession => {
  const closed = countUpTo(sessions.length, (i) => sessions[i]?.closeMs ?? 0, ms);
  const session = sessions[closed] ?? sessions.at(-1);
  if (session === undefined) throw new RangeError('a library has at least one session');
  const open = session.openMs <= ms && ms < Math.min(session.closeMs, endMs);
  return {
    state: open ? 'open' : 'closed',
    date: session.date,
    opensAt: Temporal.Instant.fromEpochMilliseconds(session.openMs),
    closesAt: Temporal.Instant.fromEpochMilliseconds(session.closeMs),
    calendar: session.calendar,
  };
};

const completedBars = (history: History, limit: number, horizon: number): BarSeries => {
  const end = upTo(history.end, horizon);
  const from = Math.max(0, end - limit);
  const dollars = (column: Float64Array) => column.slice(from, end).map((micros) => micros / 1e6);
  return {
    symbol: history.symbol,
    timeframe: history.timeframe,
    start: history.start.slice(from, end),
    open: dollars(history.open),
    high: dollars(history.high),
    low: dollars(history.low),
    close: dollars(history.close),
    volume: history.volume.slice(from, end),
  };
};

/** Repairs that are told in full; the rest are counted. */
const toldNotes = 5;

const describe = ({ histories, sessions, notes }: Library, speed: number): string => {
  const [first, last] = [sessions[0], sessions.at(-1)].map((session) => session?.date);
  const calendars = [...new Set(sessions.map(({ calendar }) => calendar))].join(' and ');
  const told = notes.slice(0, toldNotes).map((note) => `; ${note}`);
  const more = notes.length > toldNotes ? `; and ${notes.length - toldNotes} more such notes` : '';
  return `replay of ${histories.size} symbols, ${first} to ${last}, by the calendar ${calendars}, at ${speed} times the wall clock${told.join('')}${more}`;
};

export type HistoricalOptions = {
  /** Holds one `<SYMBOL>.csv` for each symbol. */
  readonly directory: string;
  /** Market seconds in one second of the wall's: above 0, up to 1,000,000. */
  readonly speed: number;
  /** Which days may have bars; the NYSE's trading days unless told. */
  readonly calendar?: ReplayCalendar;
  /** Where to begin; the default is `defaultStart`. In closed hours it means the next opening. */
  readonly start?: Temporal.Instant;
  /** Bars on which orders will be filled: every symbol must have such. */
  readonly fillOn?: Timeframe;
  /** Where an earlier process left off; it goes before `start`. */
  readonly resumeFrom?: Temporal.Instant;
  /** Milliseconds of a clock that never goes back, from any origin. */
  readonly monotonicMs: () => number;
  /** Who waits while the files are read. */
  readonly watch?: LoadWatch;
};

/** A replay, with what a log that lives on it is bound to. */
export type HistoricalMarketData = MarketData & {
  readonly boundBars: (upTo?: ReadonlyMap<Ticker, number>) => readonly BoundBars[];
};

/**
 * Real bars replayed on a virtual clock. Every answer is a pure function of the files and the
 * virtual instant; nothing of a bar is told before its end but the path of its price. When the data
 * ends, the session is closed for good and there are no quotes.
 * @throws MarketDataUnavailable when the directory or a file is unfit, RangeError on a bad speed
 */
export const historicalMarketData = async (
  options: HistoricalOptions,
): Promise<HistoricalMarketData> => {
  const library = await loadLibrary(options.directory, options.calendar ?? 'nyse', options.watch);
  const { histories, sessions, endMs } = library;
  const timeframes = timeframesOf(library);
  mustHave(library, timeframes, options.fillOn);
  const start = options.resumeFrom ?? within(library, options.start);
  const nowMs = virtualClock({
    sessions,
    endMs,
    startMs: start?.epochMilliseconds ?? defaultStart(library),
    speed: options.speed,
    monotonicMs: options.monotonicMs,
  });
  const marketAt = (clockMs: () => number): MarketData => ({
    source: 'historical',
    now: () => Temporal.Instant.fromEpochMilliseconds(clockMs()),
    session: (at) => sessionAt(library, at.epochMilliseconds),
    instrument: async (symbol) =>
      histories.has(symbol)
        ? { symbol, name: symbol, sector: null, borrow: generalCollateral }
        : undefined,
    quote: async (symbol) => {
      const ms = clockMs();
      const history = histories.get(symbol);
      if (history === undefined || sessionAt(library, ms).state === 'closed') return undefined;
      return quoteAt(history, ms);
    },
    lastTrade: async (symbol) => {
      const history = histories.get(symbol);
      return history && lastTradeAt(history, library, clockMs());
    },
    hasEnded: async (symbol) => {
      const history = histories.get(symbol);
      return history !== undefined && isOver(history, clockMs());
    },
    freeze: (at) => {
      const ms = at?.epochMilliseconds ?? clockMs();
      return marketAt(() => ms);
    },
    volumeAround: async (symbol) => {
      const history = histories.get(symbol);
      return history && barAround(history, clockMs());
    },
    staysUntil: async (symbol, within) => {
      const history = histories.get(symbol);
      if (history === undefined) return within.until;
      return Temporal.Instant.fromEpochMilliseconds(calmUntil(history, clockMs(), within));
    },
    bars: async (symbol, request) => {
      const horizon = barHorizon(request, clockMs());
      const history = timeframes.get(symbol)?.(request.timeframe);
      if (history === undefined) return emptySeries(symbol, request.timeframe, 0);
      return completedBars(history, request.limit, horizon);
    },
    corporateActions: async (wanted) => dividendsWithin(library.dividends, wanted),
    endsAt: Temporal.Instant.fromEpochMilliseconds(endMs),
    health: async () => ({
      connected: clockMs() < endMs,
      lagMs: 0,
      detail: `${clockMs() < endMs ? '' : `${hasEnded(endMs)}; `}${describe(library, options.speed)}`,
    }),
    close: async () => undefined,
  });
  return { ...marketAt(nowMs), boundBars: (upTo) => boundBars(library, upTo) };
};

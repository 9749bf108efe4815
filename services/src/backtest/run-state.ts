import type { TradingDate } from '@sentinel/contracts/kernel';
import type { Quote, Ticker } from '@sentinel/contracts/market';
import type { SessionCommand, SessionEvent } from '../execution/index.ts';
import { type AccountAt, accountDays } from './account-days.ts';
import type { Knowing } from './facts-then.ts';
import { quoteAfter } from './market-then.ts';
import type { BacktestSetup, TestedSymbol } from './setup.ts';
import { inSharesOf } from './shares-of-day.ts';
import { exchangeSession, type Moment } from './timeline.ts';

/** What is known of one symbol beside what the session holds. Never changed in place. */
export type Standing = {
  /** Its last complete bar; -1 before the first. */
  readonly last: number;
  /** The bar from which on a position is held; undefined while there is none. */
  readonly since: number | undefined;
  readonly mostBars: number;
};

/** Where a run stands between two moments. */
export type RunAt = {
  readonly account: AccountAt;
  readonly standing: readonly Standing[];
  readonly count: number;
};

export type Counts = {
  signals: number;
  unsized: number;
  entries: number;
  denied: number;
  refused: number;
};
export type RunState = ReturnType<typeof runState>;

const denials = (events: readonly SessionEvent[]): number =>
  events.filter(({ type }) => type === 'OrderDenied').length;

/** Every symbol in the shares of a day, reckoned again when the day is another. */
const symbolsOn = ({ symbols }: BacktestSetup) => {
  let [of, shown]: [TradingDate | undefined, readonly TestedSymbol[]] = [undefined, symbols];
  return (date: TradingDate | undefined): readonly TestedSymbol[] => {
    if (date === undefined || date === of) return shown;
    of = date;
    shown = symbols.map((each) => inSharesOf(each, date));
    return shown;
  };
};

/** The account of a run with what it remembers of each symbol. */
export const runState = (setup: BacktestSetup, onEvent: (event: SessionEvent) => void) => {
  const account = accountDays(setup);
  const counts: Counts = { signals: 0, unsized: 0, entries: 0, denied: 0, refused: 0 };
  const places = new Map(setup.symbols.map(({ bars }, place) => [bars.symbol, place]));
  let standing: readonly Standing[] = setup.symbols.map(({ first }) => ({
    ...{ last: first - 1, since: undefined, mostBars: 0 },
  }));
  let count = 0;
  /** Symbols of which an order works, reckoned again when orders change. */
  let working: { readonly of: unknown; readonly symbols: ReadonlySet<Ticker> } | undefined;
  const standingOf = (place: number): Standing => standing[place] as Standing;
  const put = (place: number, change: Partial<Standing>): void => {
    standing = standing.with(place, { ...standingOf(place), ...change });
  };
  const heard = (events: readonly SessionEvent[]): readonly SessionEvent[] => {
    counts.denied += denials(events);
    for (const event of events) {
      onEvent(event);
      if (event.type === 'CorporateActionApplied' && event.data.position === null)
        put(places.get(event.data.action.symbol) as number, { since: undefined });
      if (event.type !== 'OrderFilled' && event.type !== 'OrderPartiallyFilled') continue;
      const place = places.get(event.data.symbol) as number;
      const { since, last } = standingOf(place);
      put(place, { since: event.data.position === null ? undefined : (since ?? last + 1) });
    }
    return events;
  };
  const shown = symbolsOn(setup);
  const quoteOf = (place: number, at: Temporal.Instant): Quote | undefined => {
    const { day } = account.at();
    const tested = day && shown(day.date)[place];
    const last = standing[place]?.last ?? -1;
    return !tested || last < 0
      ? undefined
      : quoteAfter(tested, last, { at, date: day.date, source: setup.source });
  };
  const closing = (symbol: Ticker) => {
    const { day } = account.at();
    const at = Temporal.Instant.fromEpochMilliseconds(day?.closeMs ?? 0);
    const quote = quoteOf(places.get(symbol) as number, at);
    return quote && { symbol, price: quote.last, at };
  };
  return {
    ...{ account, counts, standingOf, put, heard },
    tested: (place: number): TestedSymbol => shown(account.at().day?.date)[place] as TestedSymbol,
    take: (command: SessionCommand): readonly SessionEvent[] => heard(account.take(command)),
    nextCount: (): number => ++count,
    works: (symbol: Ticker): boolean => {
      const { working: orders } = account.session();
      if (working?.of !== orders) {
        const symbols = new Set(orders.values().map(({ intent }) => intent.symbol));
        working = { of: orders, symbols };
      }
      return working.symbols.has(symbol);
    },
    knowingAt: ({ ms, day }: Moment): Knowing => {
      const at = Temporal.Instant.fromEpochMilliseconds(ms);
      const exchange = exchangeSession(day, setup.calendar);
      return {
        setup,
        symbols: shown(day.date),
        at,
        dayStartMs: day.openMs,
        exchange,
        quoteOf: (place) => quoteOf(place, at),
      };
    },
    close: (): void => {
      const before = account.events().length;
      account.close(closing);
      heard(
        account
          .events()
          .slice(before)
          .map(({ event }) => event),
      );
    },
    at: (): RunAt => ({ account: account.at(), standing, count }),
    resume: (from: RunAt): void => {
      account.resume(from.account);
      ({ standing, count } = from);
    },
  };
};

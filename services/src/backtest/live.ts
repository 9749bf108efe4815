import type { SessionClosed } from '@sentinel/contracts/execution';
import type { Ticker } from '@sentinel/contracts/market';
import { meetBar, type SessionEvent } from '../execution/index.ts';
import { type AccountAt, accountDays, type KeptEvent } from './account-days.ts';
import type { Knowing } from './facts-then.ts';
import { barAt, quoteAfter } from './market-then.ts';
import type { BacktestSetup, TestedSymbol } from './setup.ts';
import { endOfBar, exchangeSession, type Moment } from './timeline.ts';
import { entryOf, exitOf } from './trading.ts';

/** What is known of one symbol beside what the session holds. Never changed in place. */
type Standing = {
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

export type Counts = { signals: number; unsized: number; entries: number; denied: number };

/**
 * Lives through bars: at the beginning of each, what the bars before it say is decided, and the orders that
 * work then meet it. Nothing that is decided at a moment has seen the bar that begins with it.
 */
export const liveThrough = (
  setup: BacktestSetup,
  onEvent: (event: SessionEvent) => void = () => undefined,
) => {
  const account = accountDays(setup);
  const counts: Counts = { signals: 0, unsized: 0, entries: 0, denied: 0 };
  const places = new Map(setup.symbols.map(({ bars }, place) => [bars.symbol, place]));
  let standing: readonly Standing[] = setup.symbols.map(({ first }) => ({
    ...{ last: first - 1, since: undefined, mostBars: 0 },
  }));
  let count = 0;
  const put = (place: number, change: Partial<Standing>): void => {
    standing = standing.with(place, { ...(standing[place] as Standing), ...change });
  };
  /** Symbols of which an order works, reckoned again when orders change. */
  let working: { readonly of: unknown; readonly symbols: ReadonlySet<Ticker> } | undefined;
  const works = (symbol: Ticker): boolean => {
    const { working: orders } = account.session();
    if (working?.of !== orders)
      working = { of: orders, symbols: new Set(orders.values().map((each) => each.intent.symbol)) };
    return working.symbols.has(symbol);
  };
  const heard = (events: readonly SessionEvent[]): void => {
    for (const event of events) {
      onEvent(event);
      if (event.type === 'OrderDenied') counts.denied += 1;
      if (event.type !== 'OrderFilled' && event.type !== 'OrderPartiallyFilled') continue;
      const place = places.get(event.data.symbol) as number;
      if (event.data.position === null) put(place, { since: undefined });
      else if (standing[place]?.since === undefined)
        put(place, { since: (standing[place]?.last ?? 0) + 1 });
    }
  };
  const knowingAt = ({ ms, day }: Moment): Knowing => {
    const at = Temporal.Instant.fromEpochMilliseconds(ms);
    return {
      ...{ setup, at, dayStartMs: day.openMs },
      exchange: exchangeSession(day, setup.calendar),
      quoteOf: (place) => {
        const { last } = standing[place] ?? { last: -1 };
        const tested = setup.symbols[place];
        return tested === undefined || last < 0
          ? undefined
          : quoteAfter(tested.bars, last, { at, source: setup.source });
      },
    };
  };
  const leave = (place: number, moment: Moment, tested: TestedSymbol): void => {
    const { since = 0, last, mostBars } = standing[place] as Standing;
    if (last - since + 1 < mostBars) return;
    const orders = account.session().working.values();
    const exits = orders.filter(({ intent }) => intent.symbol === tested.bars.symbol);
    const at = Temporal.Instant.fromEpochMilliseconds(moment.ms);
    for (const { orderId } of exits)
      heard(account.take({ type: 'CancelOrder', orderId, reason: 'held long enough', at }));
    const command =
      exits.length === 0 && exitOf(account, tested, { knowing: knowingAt(moment), count: ++count });
    if (command) heard(account.take(command));
  };
  const decide = (place: number, moment: Moment): void => {
    const tested = setup.symbols[place] as TestedSymbol;
    const { last } = standing[place] as Standing;
    if (last < 0) return;
    const { symbol } = tested.bars;
    if (account.session().positions.has(symbol)) {
      leave(place, moment, tested);
      return;
    }
    if (works(symbol)) return;
    const found = setup.find(tested, last);
    if (found === undefined) return;
    counts.signals += 1;
    count += 1;
    const knowing = knowingAt(moment);
    const command = entryOf(account, tested, { found, knowing, count, place });
    if (command === undefined) {
      counts.unsized += 1;
      return;
    }
    put(place, { mostBars: found.draft.maxHoldBars });
    const events = account.take(command);
    if (events.some(({ type }) => type === 'OrderSubmitted')) counts.entries += 1;
    heard(events);
  };
  const meet = (place: number, bar: number, moment: Moment): void => {
    const tested = setup.symbols[place] as TestedSymbol;
    if (!works(tested.bars.symbol)) return;
    const span = { startMs: moment.ms, endMs: endOfBar(moment, tested), source: setup.source };
    const met = { bar: barAt(tested.bars, bar, span), session: exchangeOf(moment) };
    const { reports } = meetBar(met, account.session(), setup.digest);
    if (reports.length > 0) heard(account.take({ type: 'ReportVenue', reports }));
  };
  let lastExchange: { readonly day: number; readonly session: ReturnType<typeof exchangeSession> };
  const exchangeOf = ({ day }: Moment) => {
    if (lastExchange?.day !== day.day)
      lastExchange = { day: day.day, session: exchangeSession(day, setup.calendar) };
    return lastExchange.session;
  };
  const markOf = (symbol: Ticker): SessionClosed['marks'][number] | undefined => {
    const place = places.get(symbol) as number;
    const { last } = standing[place] as Standing;
    const tested = setup.symbols[place] as TestedSymbol;
    const { day } = account.at();
    if (last < 0 || day === null) return undefined;
    const at = Temporal.Instant.fromEpochMilliseconds(day.closeMs);
    return { symbol, price: quoteAfter(tested.bars, last, { at, source: setup.source }).last, at };
  };
  const close = () => {
    const before = account.events().length;
    const closed = account.close(markOf);
    heard(
      account
        .events()
        .slice(before)
        .map(({ event }) => event),
    );
    return closed;
  };
  const decideAt = (moment: Moment): void => {
    if (account.at().day?.day !== moment.day.day) {
      close();
      heard(account.open(moment.day));
    }
    for (const { of } of moment.begins) decide(of, moment);
  };
  return {
    counts,
    /** The day that a moment begins, and what is decided in it by the bars before. */
    decide: decideAt,
    /** The bars that begin with the moment. */
    meet: (moment: Moment): void => {
      for (const { of, bar } of moment.begins) {
        meet(of, bar, moment);
        put(of, { last: bar });
      }
    },
    close,
    session: account.session,
    at: (): RunAt => ({ account: account.at(), standing, count }),
    resume: (from: RunAt): void => {
      account.resume(from.account);
      ({ standing, count } = from);
    },
    events: (): readonly KeptEvent[] => account.events(),
  };
};

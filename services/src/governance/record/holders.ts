import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventOf,
  type EventStore,
  EventStoreCorrupt,
  type RecordedEvent,
  type StreamName,
  streamNameSchema,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { entriesOf } from './entries.ts';
import { following } from './following.ts';

/** Longer than any strategy of the house holds a position. */
const heldDays = 45;

type SessionEvent = EventOf<typeof sessionEvents>;

/** What a session says of whose shares its executions closed. */
type Holdings = {
  readonly date: TradingDate | null;
  readonly previous: StreamName | null;
  /** What the books began with. */
  readonly held: ReadonlySet<Ticker>;
  /** What an execution took from. */
  readonly closed: ReadonlySet<Ticker>;
  /** Strategies that orders named, those that work on from the day before among them. */
  readonly named: ReadonlyMap<Ticker, ReadonlySet<string>>;
};

const nothing: Holdings = {
  ...{ date: null, previous: null },
  ...{ held: new Set(), closed: new Set(), named: new Map() },
};

const isExecution = (
  event: SessionEvent,
): event is Extract<SessionEvent, { type: 'OrderFilled' | 'OrderPartiallyFilled' }> =>
  event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled';

/**
 * An execution that took from what the account held, long or short: a trade may have ended, also where others
 * hold on to the symbol, or the account has turned around.
 */
export const mayEndTrade = (recorded: RecordedEvent): boolean => {
  if (recorded.type !== 'OrderFilled' && recorded.type !== 'OrderPartiallyFilled') return false;
  try {
    return takesFrom(decodeEvent(sessionEvents, recorded));
  } catch (error) {
    // Who goes on from here reads it too, and says so: this must not stop what reads the log.
    if (error instanceof EventStoreCorrupt) return true;
    throw error;
  }
};

const takesFrom = (event: SessionEvent): boolean => {
  if (!isExecution(event)) return false;
  const { side, lastQuantity, position } = event.data;
  const traded = side === 'buy' ? lastQuantity : -lastQuantity;
  const before = (position?.quantity ?? 0n) - traded;
  return before !== 0n && before > 0n !== traded > 0n;
};

/** Types that name orders. */
const orderingTypes: ReadonlySet<string> = new Set([
  'SessionOpened',
  'WorkingOrdersCarried',
  'OrderSubmitted',
]);

const noted = (holdings: Holdings, recorded: RecordedEvent): Holdings => {
  if (!mayEndTrade(recorded) && !orderingTypes.has(recorded.type)) return holdings;
  const event = decodeEvent(sessionEvents, recorded);
  if (isExecution(event))
    return { ...holdings, closed: new Set([...holdings.closed, event.data.symbol]) };
  const named = new Map(holdings.named);
  for (const entry of entriesOf(event)) {
    if (entry.kind !== 'ordered' || entry.intent.strategyId === null) continue;
    const { symbol, strategyId } = entry.intent;
    named.set(symbol, new Set([...(named.get(symbol) ?? []), strategyId]));
  }
  if (event.type !== 'SessionOpened') return { ...holdings, named };
  const { date, previous, positions } = event.data;
  return {
    ...{ ...holdings, named, date },
    previous: previous === null ? null : streamNameSchema.parse(previous),
    held: new Set(positions.map(({ symbol }) => symbol)),
  };
};

/**
 * Every strategy that may have held what executions of a session closed: those that orders of the same
 * symbols named in it, and in the sessions before it as far back as the account held the symbol.
 * @throws what the event store throws: nobody is left out because something could not be read
 */
export const holders = (
  eventStore: Pick<EventStore, 'readStream'>,
): ((session: StreamName) => Promise<ReadonlySet<string>>) => {
  const holdingsOf = following<Holdings>(eventStore, {
    capacity: heldDays,
    initial: nothing,
    evolve: (holdings, page) => page.reduce(noted, holdings),
  });
  return async (session) => {
    const found = new Set<string>();
    const newest = await holdingsOf(session);
    const earliest =
      newest.date && `${Temporal.PlainDate.from(newest.date).subtract({ days: heldDays })}`;
    let symbols = [...newest.closed];
    for (let at = newest; ; ) {
      for (const symbol of symbols) for (const each of at.named.get(symbol) ?? []) found.add(each);
      symbols = symbols.filter((symbol) => at.held.has(symbol));
      const { previous } = at;
      if (symbols.length === 0 || previous === null) return found;
      at = await holdingsOf(previous);
      if (at.date === null || earliest === null || at.date < earliest) return found;
    }
  };
};

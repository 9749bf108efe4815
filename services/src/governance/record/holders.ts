import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
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

/** What a session says of whose shares its executions closed. */
type Holdings = {
  readonly date: TradingDate | null;
  readonly previous: StreamName | null;
  /** What the books began with. */
  readonly held: ReadonlySet<Ticker>;
  /** What an execution left the account without. */
  readonly closed: ReadonlySet<Ticker>;
  /** Strategies that orders named, those that work on from the day before among them. */
  readonly named: ReadonlyMap<Ticker, ReadonlySet<string>>;
};

const nothing: Holdings = {
  ...{ date: null, previous: null },
  ...{ held: new Set(), closed: new Set(), named: new Map() },
};

/** An execution that left the account without a position in its symbol: a trade may have ended. */
export const closesTrade = ({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): boolean =>
  (type === 'OrderFilled' || type === 'OrderPartiallyFilled') &&
  typeof data === 'object' &&
  data !== null &&
  'position' in data &&
  data.position === null;

/** Types that name orders. */
const orderingTypes: ReadonlySet<string> = new Set([
  'SessionOpened',
  'WorkingOrdersCarried',
  'OrderSubmitted',
]);

const noted = (holdings: Holdings, recorded: RecordedEvent): Holdings => {
  const closes = closesTrade(recorded);
  if (!closes && !orderingTypes.has(recorded.type)) return holdings;
  const event = decodeEvent(sessionEvents, recorded);
  if (event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled')
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

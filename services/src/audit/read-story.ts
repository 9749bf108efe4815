import { type SessionOpened, sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  type OrderId,
  type RecordedEvent,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import type { SessionEvent } from '../execution/index.ts';
import { readPages } from '../kernel/index.ts';
import type { Told } from './story-line.ts';

/** So many later sessions are followed: an order that stays lives 90 days, and some markets never close. */
export const mostSessions = 100;

export type StorySources = {
  readonly eventStore: Pick<EventStore, 'readStream'>;
  /** The sessions of the same account after this one, the oldest first, at most so many. */
  readonly laterSessions: (stream: StreamName, limit: number) => Promise<readonly StreamName[]>;
};

/** Where a story begins, and whose it is. */
export type StoryStart = {
  readonly stream: StreamName;
  /** The assessment of its order; undefined of an order that others placed, which is looked for in the whole session. */
  readonly version: StreamVersion | undefined;
  /** An order that is known to belong to it. */
  readonly orderId?: OrderId | undefined;
};

export type OrderStory = {
  readonly told: readonly Told[];
  /** Its orders, that of the decision first. */
  readonly orders: readonly OrderId[];
  /** True where an order of it works on in sessions beyond those that were read. */
  readonly goesOn: boolean;
};

/** What a story is known by, as far as it has been read. */
type Known = {
  readonly orders: Set<OrderId>;
  readonly decisions: Set<string>;
  readonly symbols: Set<string>;
};

const beginsOrder = new Set(['OrderProposed', 'OrderSubmitted', 'OrderDenied']);

type Raw = {
  readonly orderId?: OrderId;
  readonly decisionId?: string;
  readonly replaces?: OrderId;
  readonly link?: { readonly parentId: OrderId };
  readonly intent?: { readonly symbol: string };
  readonly orders?: readonly { readonly orderId: OrderId }[];
  readonly workingOrders?: readonly { readonly orderId: OrderId }[];
  readonly action?: { readonly symbol: string };
};

/** Whether an event belongs to the story; what it names is known from then on. */
const belongs = ({ type, data }: RecordedEvent, { orders, decisions, symbols }: Known): boolean => {
  const { orderId, decisionId, link, intent, ...said } = data as Raw;
  if (type === 'RiskAssessed') return said.replaces !== undefined && orders.has(said.replaces);
  if (type === 'CorporateActionApplied') return symbols.has(said.action?.symbol ?? '');
  const carried = said.orders ?? said.workingOrders;
  if (carried !== undefined) return carried.some((order) => orders.has(order.orderId));
  if (orderId === undefined) return false;
  const begun =
    beginsOrder.has(type) &&
    (decisions.has(decisionId ?? '') || (link !== undefined && orders.has(link.parentId)));
  if (!begun && !orders.has(orderId)) return false;
  orders.add(orderId);
  if (intent !== undefined) symbols.add(intent.symbol);
  return true;
};

export const decoded = (recorded: RecordedEvent): SessionEvent =>
  decodeEvent(sessionEvents, recorded);

const toldOf = (recorded: RecordedEvent): Told => ({
  id: recorded.id,
  position: recorded.logPosition,
  date: recorded.stream.slice(-'yyyy-mm-dd'.length),
  by: `${recorded.metadata.principal} by ${recorded.metadata.tool}`,
  event: decoded(recorded),
});

/** The session in which it was decided: of what happened before that nothing belongs to it. */
const firstSession = async (
  { eventStore }: StorySources,
  { stream, version }: StoryStart,
  known: Known,
): Promise<readonly Told[]> => {
  const told: Told[] = [];
  for await (const page of readPages(eventStore, stream, version))
    for (const recorded of page) {
      if (recorded.version === version)
        known.decisions.add((recorded.data as Raw).decisionId ?? '');
      else if (recorded.type !== 'CorporateActionApplied' && belongs(recorded, known))
        told.push(toldOf(recorded));
    }
  return told;
};

/** What a later session tells; undefined where it continues other books, or none of the orders works in it. */
const laterSession = async (
  { eventStore }: StorySources,
  { stream, previous }: { readonly stream: StreamName; readonly previous: StreamName },
  known: Known,
): Promise<readonly Told[] | undefined> => {
  const told: Told[] = [];
  let carried = false;
  for await (const page of readPages(eventStore, stream))
    for (const recorded of page) {
      const { type, data } = recorded;
      const opened = type === 'SessionOpened' ? (data as Partial<SessionOpened>) : undefined;
      if (opened !== undefined && opened.previous !== previous) return undefined;
      const ours = belongs(recorded, known);
      if (ours) told.push(toldOf(recorded));
      if (ours && (opened !== undefined || type === 'WorkingOrdersCarried')) carried = true;
      // In sessions from before TradingEnabled was told trading begins as they open.
      const begun =
        type === 'TradingEnabled' || (opened !== undefined && (opened.tradingEnabled ?? true));
      if (begun && !carried) return undefined;
    }
  return carried ? told : undefined;
};

/**
 * What became of the orders of a decision and of their exits: in its own session, and in those that follow
 * for as long as one of them is carried over the night. @throws EventStoreUnavailable
 */
export const readOrderStory = async (
  sources: StorySources,
  start: StoryStart,
): Promise<OrderStory> => {
  const known: Known = {
    orders: new Set(start.orderId === undefined ? [] : [start.orderId]),
    decisions: new Set(),
    symbols: new Set(),
  };
  const told = [...(await firstSession(sources, start, known))];
  const story = (goesOn: boolean): OrderStory => ({ told, orders: [...known.orders], goesOn });
  if (known.orders.size === 0) return story(false);
  let previous = start.stream;
  const later = await sources.laterSessions(start.stream, mostSessions + 1);
  for (const stream of later.slice(0, mostSessions)) {
    const more = await laterSession(sources, { stream, previous }, known);
    if (more === undefined) return story(false);
    told.push(...more);
    previous = stream;
  }
  return story(later.length > mostSessions);
};

import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  isWorking,
  nextStatus,
  nextStatusBefore,
  type OrderStatus,
  type OrderTrigger,
} from '@sentinel/contracts/execution';
import { EventStoreCorrupt, isBefore, type OrderId } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { OrderRecord, Session, SessionEvent } from '../state.ts';

export type DataOf<Type extends SessionEvent['type']> = Extract<
  SessionEvent,
  { type: Type }
>['data'];
/** The later of two instants. */
export const later = (a: Temporal.Instant, b: Temporal.Instant) => (isBefore(a, b) ? b : a);

/** What is remembered of a working order that the books brought in. */
export const recordOf = (order: WorkingOrder): OrderRecord => ({
  orderId: order.orderId,
  decisionId: order.decisionId,
  intent: order.intent,
  status: order.status,
  cumulativeQuantity: order.cumulativeQuantity,
  filledNotional: order.filledNotional,
  fees: order.fees,
  fills: order.fills,
  reason: null,
  link: order.link,
  stopAt: order.stopAt ?? order.intent.triggerPrice,
  venueOrderId: order.venueOrderId,
  givenReason: order.givenReason,
  external: order.external === true,
  executions: order.executions ?? [],
  busted: order.busted ?? [],
  submittedAt: order.submittedAt,
  updatedAt: order.submittedAt,
});

/** Submits and cancels count as messages, at the market's time. */
export const countMessage = (session: Session, at: Temporal.Instant): Session['messages'] =>
  session.messages.with(`${session.messages.size + 1}`, at.epochMilliseconds);

/** What an event leaves behind in an order, as it works on and as it is remembered. */
type Changed = {
  readonly working: Partial<WorkingOrder>;
  readonly record: Partial<OrderRecord>;
};

/** The state that an order moves to, with what is asked for or wished for in it and nothing older. */
const pendingOf = (
  before: WorkingOrder,
  {
    status,
    at,
    record,
    trigger,
  }: {
    readonly status: OrderStatus;
    readonly at: Temporal.Instant;
    readonly record: OrderRecord;
    readonly trigger: OrderTrigger;
  },
): Partial<WorkingOrder> => {
  const statusBefore = nextStatusBefore(record.status, before.statusBefore, trigger);
  const pending = status === 'unknown' ? statusBefore : status;
  const asked = trigger === 'OrderPendingCancel' && before.cancelRequestedAt === null;
  return {
    status,
    statusBefore,
    ...(pending !== 'pending_replace' && { replacement: undefined }),
    cancelRequestedAt: pending !== 'pending_cancel' ? null : asked ? at : before.cancelRequestedAt,
  };
};

/** The order that an event is about: of one that the session does not know nothing can have been recorded. */
export const knownOrder = ({ orders }: Session, orderId: OrderId, what: string): OrderRecord => {
  const record = orders.get(orderId);
  if (record === undefined) throw new EventStoreCorrupt(`${what} of unknown order ${orderId}`);
  return record;
};

/** The same as it works: what changes its terms cannot have been recorded of one that has ended. */
export const workingOrder = (
  { working }: Session,
  orderId: OrderId,
  what: string,
): WorkingOrder => {
  const order = working.get(orderId);
  if (order === undefined)
    throw new EventStoreCorrupt(`${what} of order ${orderId}, which does not work`);
  return order;
};

/** Moves one order by the table of states; what the table does not allow cannot have been recorded. */
export const move = (
  session: Session,
  data: {
    readonly orderId: OrderId;
    readonly at: Temporal.Instant;
    readonly changed?: Changed;
  },
  trigger: OrderTrigger,
): Session => {
  const record = knownOrder(session, data.orderId, trigger);
  const before = session.working.get(data.orderId);
  const status = nextStatus(record.status, before?.statusBefore ?? null, trigger);
  if (status === undefined)
    throw new EventStoreCorrupt(`${trigger} of order ${data.orderId}, which is ${record.status}`);
  const working =
    before !== undefined && isWorking(status)
      ? session.working.with(data.orderId, {
          ...before,
          ...data.changed?.working,
          ...pendingOf(before, { status, at: data.at, record, trigger }),
        })
      : session.working.without(data.orderId);
  return {
    ...session,
    lastAt: later(session.lastAt, data.at),
    working,
    orders: session.orders.with(data.orderId, {
      ...record,
      ...data.changed?.record,
      status,
      updatedAt: data.at,
    }),
  };
};

/** The venue has taken the order, and given it its own id. */
export const accept = (session: Session, data: DataOf<'OrderAccepted'>): Session => {
  const named = data.venueOrderId === null ? {} : { venueOrderId: data.venueOrderId };
  const { orderId, at } = data;
  return move(
    session,
    { orderId, at, changed: { working: named, record: named } },
    'OrderAccepted',
  );
};

/** The venue has not taken the order, and said why. */
export const reject = (session: Session, data: DataOf<'OrderRejected'>): Session => {
  const { orderId, at } = data;
  const reason = { code: 'VENUE_REJECTED', message: data.reason };
  return move(
    session,
    { orderId, at, changed: { working: {}, record: { reason } } },
    'OrderRejected',
  );
};

const upTo = (
  met: Session['barsMet'],
  symbol: Ticker,
  at: Temporal.Instant,
): Session['barsMet'] => {
  const known = met.get(symbol);
  return known !== undefined && !isBefore(known, at) ? met : new Map(met).set(symbol, at);
};

/**
 * The session once something came of a bar that began at `bar`, or of a quote at `at`. Logs from before
 * bars were recorded say only when a stop moved on one: there the moment of the move stands for the bar.
 */
export const metMarket = (
  session: Session,
  {
    symbol,
    bar,
    at,
  }: { readonly symbol: Ticker; readonly bar: Temporal.Instant | null } & {
    readonly at: Temporal.Instant;
  },
): Session =>
  bar === null && session.venue.bars === undefined
    ? { ...session, quotesMet: upTo(session.quotesMet, symbol, at) }
    : { ...session, barsMet: upTo(session.barsMet, symbol, bar ?? at) };

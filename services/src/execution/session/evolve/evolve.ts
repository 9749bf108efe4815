import type { SessionOpened, WorkingOrder } from '@sentinel/contracts/execution';
import { EventStoreCorrupt, money } from '@sentinel/contracts/kernel';
import type { Halt } from '@sentinel/contracts/risk';
import { versionedMap } from '../../../kernel/index.ts';
import { isSameTarget } from '../../../risk/index.ts';
import { actionKey } from '../action-key.ts';
import type { Session, SessionEvent, SessionState } from '../state.ts';
import { changeExecution, fill, withPosition } from './fill.ts';
import { accept, countMessage, type DataOf, later, move, recordOf } from './order.ts';
import { adopt, deny, submit } from './submission.ts';
import { askReplacement, carryStops, refuseReplacement, replace, stopAt } from './terms.ts';

type Evolvers = {
  readonly [Type in Exclude<SessionEvent['type'], 'SessionOpened'>]: (
    session: Session,
    data: DataOf<Type>,
  ) => Session;
};

const open = (data: SessionOpened): Session => {
  const books = booksOf(data);
  return { ...carry(books, data.workingOrders), ordersToCarry: data.carriedOrders };
};

/** Sequences go on from the orders taken over, so that no two working orders share one. */
const carry = (session: Session, orders: readonly WorkingOrder[]): Session => {
  let { working, orders: records, orderSequence } = session;
  const adopted = new Map(session.adopted);
  for (const order of orders) {
    working = working.with(order.orderId, order);
    records = records.with(order.orderId, recordOf(order));
    orderSequence = Math.max(orderSequence, order.sequence);
    if (order.external === true && order.venueOrderId !== undefined)
      adopted.set(order.venueOrderId, order.orderId);
  }
  const ordersToCarry = session.ordersToCarry - orders.length;
  return { ...session, working, orders: records, adopted, orderSequence, ordersToCarry };
};

const booksOf = (data: SessionOpened): Session => {
  return {
    phase: data.tradingEnabled ? 'open' : 'opening',
    account: data.account,
    date: data.date,
    previous: data.previous,
    previousDate: data.previousDate,
    ordersToCarry: data.carriedOrders,
    openingMarks: new Map(data.marks.map(({ symbol, price }) => [symbol, price])),
    lastAt: data.at,
    cash: data.cash,
    positions: new Map(data.positions.map((position) => [position.symbol, position])),
    working: versionedMap(),
    orders: versionedMap(),
    adopted: new Map(),
    barsMet: new Map(),
    quotesMet: new Map(),
    keys: versionedMap(data.usedKeys.map((used) => [used.key, used])),
    limits: data.limits,
    halts: data.halts,
    venue: data.venue,
    dayStartEquity: data.equity,
    weekOf: data.weekOf,
    weekStartEquity: data.weekStartEquity,
    lossStreak: data.lossStreak,
    realizedPnl: money.zero,
    fees: money.zero,
    orderSequence: 0,
    messages: versionedMap(),
    executions: versionedMap(),
    answers: { count: 0, rejected: [] },
    tripped: [],
    guarded: [],
    fingerprints: versionedMap(),
    actions: [],
    borrowCharged: [],
    closing: null,
  };
};

/** Rules look at a thousand answers at the most. */
const rememberedAnswers = 1_000;

/** Most are acceptances, of which nothing is kept but that they came. */
const answered = (session: Session, accepted: boolean): Session => {
  const count = session.answers.count + 1;
  const { rejected } = session.answers;
  const kept = accepted ? rejected : [...rejected.slice(1 - rememberedAnswers), count];
  return { ...session, answers: { count, rejected: kept } };
};

const trippedBy = (
  { tripped }: Session,
  { purpose, denialCode, intent: { strategyId } }: DataOf<'RiskAssessed'>,
): Pick<Session, 'tripped'> =>
  purpose !== 'order' ||
  denialCode !== 'REPEATED_EXECUTION' ||
  strategyId === null ||
  tripped.includes(strategyId)
    ? { tripped }
    : { tripped: [...tripped, strategyId] };

/** Before halts had a member for it, the guard wrote the danger's code before its sentence. */
const dangerIn = ({ engagedBy, reason, danger }: DataOf<'HaltEngaged'>): string | undefined =>
  danger ?? (engagedBy === 'system:guard' ? reason.split(':')[0] : undefined);

const guardedBy = ({ guarded }: Session, halt: DataOf<'HaltEngaged'>): Pick<Session, 'guarded'> => {
  const danger = dangerIn(halt);
  return {
    guarded: danger === undefined ? guarded : [...guarded, `${danger}|${halt.target ?? ''}`],
  };
};

/** A halt of the same target takes the place of the one that stood. */
const withHalt = (halts: readonly Halt[], halt: Halt): readonly Halt[] => [
  ...halts.filter((standing) => !isSameTarget(standing, halt)),
  halt,
];

/** One case for each event of the stream: an event without one does not compile. */
const evolvers: Evolvers = {
  WorkingOrdersCarried: (session, { orders }) => carry(session, orders),
  TradingEnabled: (session, data) => ({
    ...session,
    phase: 'open',
    lastAt: later(session.lastAt, data.at),
  }),
  RiskAssessed: (session, data) => ({
    ...session,
    ...trippedBy(session, data),
    lastAt: later(session.lastAt, data.at),
  }),
  OrderDenied: deny,
  OrderSubmitted: submit,
  OrderAdopted: adopt,
  OrderAccepted: (session, data) => answered(accept(session, data), true),
  OrderTriggered: (session, data) => stopAt(session, data, 'OrderTriggered'),
  OrderStopMoved: (session, data) => stopAt(session, data, 'OrderStopMoved'),
  OrderPendingReplace: askReplacement,
  OrderReplaceRejected: refuseReplacement,
  OrderReplaced: replace,
  OrderRejected: (session, data) => answered(move(session, data, 'OrderRejected'), false),
  OrderPartiallyFilled: (session, data) => fill(session, data, 'OrderPartiallyFilled'),
  OrderFilled: (session, data) => fill(session, data, 'OrderFilled'),
  ExecutionBusted: (session, data) => changeExecution(session, data, 'ExecutionBusted'),
  ExecutionCorrected: (session, data) => changeExecution(session, data, 'ExecutionCorrected'),
  OrderPendingCancel: (session, data) => ({
    ...move(session, data, 'OrderPendingCancel'),
    messages: countMessage(session, data.at),
  }),
  OrderCancelRejected: (session, data) => move(session, data, 'OrderCancelRejected'),
  OrderCanceled: (session, data) => move(session, data, 'OrderCanceled'),
  OrderExpired: (session, data) => move(session, data, 'OrderExpired'),
  OrderOutcomeUnknown: (session, data) => move(session, data, 'OrderOutcomeUnknown'),
  CorporateActionApplied: (session, data) => ({
    ...carryStops(session, data.action),
    cash: data.cash,
    positions: withPosition(session.positions, data.action.symbol, data.position),
    actions: [...session.actions, actionKey(data.action)],
    lastAt: later(session.lastAt, data.at),
  }),
  BorrowFeeCharged: (session, data) => ({
    ...session,
    cash: data.cash,
    fees: money.add(session.fees, data.fee),
    borrowCharged: [...session.borrowCharged, data.symbol],
    lastAt: later(session.lastAt, data.at),
  }),
  HaltEngaged: (session, halt) => ({
    ...session,
    ...guardedBy(session, halt),
    halts: withHalt(session.halts, halt),
  }),
  HaltReleased: (session, data) => ({
    ...session,
    halts: session.halts.filter((halt) => halt.haltId !== data.haltId),
  }),
  LimitsAdopted: (session, data) => ({ ...session, limits: data.document }),
  SessionClosed: (session, data) => ({
    ...session,
    phase: 'closed',
    closing: data,
    lastAt: later(session.lastAt, data.at),
  }),
};

export const evolve = (state: SessionState, event: SessionEvent): SessionState => {
  if (event.type === 'SessionOpened') return open(event.data);
  if (state.phase === 'unopened')
    throw new EventStoreCorrupt(`${event.type} before the session was opened`);
  // The table above pairs each type with its own data, which the compiler cannot follow by index.
  return (evolvers[event.type] as (session: Session, data: SessionEvent['data']) => Session)(
    state,
    event.data,
  );
};

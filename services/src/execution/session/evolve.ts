import type { SessionOpened } from '@sentinel/contracts/execution';
import { EventStoreCorrupt, money } from '@sentinel/contracts/kernel';
import { emptyMap, versionedMap } from '../../kernel/index.ts';
import { actionKey } from './action-key.ts';
import { adopt } from './evolve-adoption.ts';
import { changeExecution, fill, withPosition } from './evolve-fill.ts';
import { accept, countMessage, type DataOf, later, move, recordOf } from './evolve-order.ts';
import { carryStops } from './evolve-stops.ts';
import { deny, submit } from './evolve-submission.ts';
import { askReplacement, refuseReplacement, replace, stopAt } from './evolve-terms.ts';
import type { OrderRecord, Session, SessionEvent, SessionState } from './state.ts';

type Evolvers = {
  readonly [Type in Exclude<SessionEvent['type'], 'SessionOpened'>]: (
    session: Session,
    data: DataOf<Type>,
  ) => Session;
};

const open = (data: SessionOpened): Session => {
  return {
    phase: 'open',
    account: data.account,
    date: data.date,
    previous: data.previous,
    previousDate: (data.previous?.slice(-10) ?? null) as Session['previousDate'],
    openingMarks: new Map(data.marks.map(({ symbol, price }) => [symbol, price])),
    lastAt: data.at,
    cash: data.cash,
    positions: new Map(data.positions.map((position) => [position.symbol, position])),
    working: versionedMap(data.workingOrders.map((order) => [order.orderId, order])),
    orders: data.workingOrders.reduce(
      (all, order) => all.with(order.orderId, recordOf(order)),
      emptyMap<OrderRecord>(),
    ),
    adopted: new Map(
      data.workingOrders.flatMap(({ external, venueOrderId, orderId }) =>
        external === true && venueOrderId !== undefined ? [[venueOrderId, orderId]] : [],
      ),
    ),
    barsMet: new Map(),
    quotesMet: new Map(),
    keys: data.usedKeys.reduce(
      (all, used) => all.with(used.key, used),
      emptyMap<(typeof data.usedKeys)[number]>(),
    ),
    keysInOrder: data.usedKeys.reduce(
      (all, used) => all.with(`${all.size + 1}`, used),
      emptyMap<(typeof data.usedKeys)[number]>(),
    ),
    limits: data.limits,
    halts: data.halts,
    venue: data.venue,
    dayStartEquity: data.equity,
    weekOf: data.weekOf,
    weekStartEquity: data.weekStartEquity,
    lossStreak: data.lossStreak,
    realizedPnl: money.zero,
    fees: money.zero,
    // Sequences go on from the orders taken over, so that no two working orders share one.
    orderSequence: Math.max(0, ...data.workingOrders.map((order) => order.sequence)),
    messages: emptyMap(),
    executions: emptyMap(),
    answers: [],
    tripped: [],
    guarded: [],
    fingerprints: emptyMap(),
    actions: [],
    borrowCharged: [],
    closing: null,
  };
};

/** Rules look at a thousand answers at the most. */
const rememberedAnswers = 1_000;

const answered = (session: Session, accepted: boolean): Session => ({
  ...session,
  answers: [...session.answers.slice(1 - rememberedAnswers), accepted],
});

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

/** The guard writes the danger's code before its sentence. */
const guardedBy = (
  { guarded }: Session,
  { engagedBy, reason, target }: DataOf<'HaltEngaged'>,
): Pick<Session, 'guarded'> =>
  engagedBy !== 'system:guard'
    ? { guarded }
    : { guarded: [...guarded, `${reason.split(':')[0]}|${target ?? ''}`] };

/** One case for each event of the stream: an event without one does not compile. */
const evolvers: Evolvers = {
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
    halts: [...session.halts, halt],
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

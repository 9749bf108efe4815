import { EventStoreCorrupt, money } from '@sentinel/contracts/kernel';
import type { Halt } from '@sentinel/contracts/risk';
import { splitMark } from '../../../portfolio/index.ts';
import { isSameTarget } from '../../../risk/index.ts';
import { actionKey } from '../action-key.ts';
import type { Session, SessionEvent, SessionState } from '../state.ts';
import { changeExecution, fill, withPosition } from './fill.ts';
import { carry, open } from './opening.ts';
import { accept, countMessage, type DataOf, later, move, reject } from './order.ts';
import { asked, propose, settled } from './proposal.ts';
import { adopt, deny, submit } from './submission.ts';
import {
  askReplacement,
  carryStops,
  oneAdjusted,
  refuseReplacement,
  replace,
  stopAt,
} from './terms.ts';
import { beginAnew, beginWindDown, finishWindDown, withCanceled } from './wind-down.ts';

type Evolvers = {
  readonly [Type in Exclude<SessionEvent['type'], 'SessionOpened'>]: (
    session: Session,
    data: DataOf<Type>,
  ) => Session;
};

/** A price from before an action, as it is after it. Version 1 of the event told of none: a split is one. */
const priceAfter = (
  prices: Session['lastPrices'],
  { action: { symbol, split }, mark }: DataOf<'CorporateActionApplied'>,
): Session['lastPrices'] => {
  const last = prices.get(symbol);
  if (last === undefined) return prices;
  const price = mark ?? (split === null ? last.price : splitMark(last.price, split));
  return prices.with(symbol, { ...last, price });
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
  OrderProposed: propose,
  ApprovalRequested: (session, data) => asked(session, { type: 'ApprovalRequested', data }),
  ApprovalGranted: (session, data) => asked(session, { type: 'ApprovalGranted', data }),
  ApprovalDeclined: (session, data) => asked(session, { type: 'ApprovalDeclined', data }),
  ApprovalExpired: (session, data) => asked(session, { type: 'ApprovalExpired', data }),
  OrderDenied: (session, data) => settled(deny(session, data), data.orderId),
  OrderSubmitted: (session, data) => settled(submit(session, data), data.orderId),
  OrderAdopted: adopt,
  OrderAccepted: (session, data) => answered(accept(session, data), true),
  OrderTriggered: (session, data) => stopAt(session, data, 'OrderTriggered'),
  OrderStopMoved: (session, data) => stopAt(session, data, 'OrderStopMoved'),
  OrderPendingReplace: askReplacement,
  OrderReplaceRejected: refuseReplacement,
  OrderReplaced: (session, data) => oneAdjusted(replace(session, data), data.orderId),
  OrderRejected: (session, data) => answered(reject(session, data), false),
  OrderPartiallyFilled: (session, data) => fill(session, data, 'OrderPartiallyFilled'),
  OrderFilled: (session, data) => fill(session, data, 'OrderFilled'),
  ExecutionBusted: (session, data) => changeExecution(session, data, 'ExecutionBusted'),
  ExecutionCorrected: (session, data) => changeExecution(session, data, 'ExecutionCorrected'),
  OrderPendingCancel: (session, data) => ({
    ...move(session, data, 'OrderPendingCancel'),
    // Cancels that wind down have a budget of their own: they never use up the closing order's.
    ...(data.windDownId === null
      ? { messages: countMessage(session, data.at) }
      : withCanceled(session, data.windDownId, data.orderId)),
  }),
  WindDownRequested: beginWindDown,
  WindDownEnded: finishWindDown,
  PaperAccountReset: beginAnew,
  OrderCancelRejected: (session, data) => move(session, data, 'OrderCancelRejected'),
  OrderCanceled: (session, data) => oneAdjusted(move(session, data, 'OrderCanceled'), data.orderId),
  OrderExpired: (session, data) => move(session, data, 'OrderExpired'),
  OrderOutcomeUnknown: (session, data) => move(session, data, 'OrderOutcomeUnknown'),
  CorporateActionApplied: (session, data) => ({
    ...carryStops(session, data),
    cash: data.cash,
    positions: withPosition(session.positions, data.action.symbol, data.position),
    lastPrices: priceAfter(session.lastPrices, data),
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
    released: [...session.released, data.haltId],
  }),
  LimitsAdopted: (session, data) => ({ ...session, limits: data.document }),
  AccessAdopted: (session, { at: _, ...told }) => ({
    ...session,
    grants: new Map(session.grants).set(told.grant.grantId, told),
  }),
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

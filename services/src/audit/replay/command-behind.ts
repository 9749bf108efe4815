import type { WorkingOrder } from '@sentinel/contracts/execution';
import type { StreamName } from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskAssessed } from '@sentinel/contracts/risk';
import {
  changedIntent,
  markedSymbols,
  newestIntent,
  type OrderChanges,
  type Session,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  workingInTurn,
} from '../../execution/index.ts';
import { gatheredOf, placeBehind } from './placing-behind.ts';
import { reportBehind } from './report-behind.ts';

/** The session before, closed, where it is at hand. */
export type Previous = { readonly stream: StreamName; readonly session: Session };

type Data<Type extends SessionEvent['type']> = Extract<
  SessionEvent,
  { readonly type: Type }
>['data'];

const openBehind = (data: Data<'SessionOpened'>, previous: Previous | undefined) => {
  const { account, date, at, endsAt, limits, halts, venue, cash } = data;
  // In books of older forms the session begins otherwise.
  if (endsAt === null || data.tradingEnabled) return undefined;
  if (data.previous !== (previous?.stream ?? null)) return undefined;
  const closed = previous?.session.closing ?? null;
  if (previous !== undefined && closed === null) return undefined;
  return {
    ...({ type: 'OpenSession', account, date, at, endsAt, limits, halts, venue } as const),
    startingCash: cash,
    previous:
      previous === undefined || closed === null ? null : { stream: previous.stream, closed },
  };
};

/** Orders as the session before left them, where it is at hand: not as this one says that it got them. */
const carryBehind = ({ orders, at }: Data<'WorkingOrdersCarried'>, previous?: Previous) => {
  const ids = new Set(orders.map(({ orderId }) => orderId));
  const left =
    previous && workingInTurn(previous.session).filter(({ orderId }) => ids.has(orderId));
  return { type: 'CarryOrders', orders: left ?? orders, at } as const;
};

/** What must have been asked for an order to get from its terms to those of `to`. */
const changesTo = (order: WorkingOrder, to: OrderIntent): OrderChanges => {
  const from = newestIntent(order);
  const stopBefore = from.triggerPrice ?? from.exits?.stopLoss ?? from.stopPrice;
  const stopAfter = to.triggerPrice ?? to.exits?.stopLoss ?? to.stopPrice;
  const changes = {
    ...(from.quantity !== to.quantity && { quantity: to.quantity }),
    ...(from.limitPrice !== to.limitPrice && { limitPrice: to.limitPrice ?? undefined }),
    ...(stopBefore !== stopAfter && { stopPrice: stopAfter ?? undefined }),
  };
  if (Object.keys(changes).length > 0) return changes;
  return order.link === undefined
    ? { quantity: to.quantity }
    : { limitPrice: to.limitPrice ?? undefined, stopPrice: to.triggerPrice };
};

const replaceBehind = (
  assessed: RiskAssessed,
  [next]: readonly SessionEvent[],
  session: Session,
): SessionCommand | undefined => {
  const { replaces: orderId, decisionId, facts, codeDigest } = assessed;
  const order = orderId === undefined ? undefined : session.working.get(orderId);
  // A denial does not say which terms were wanted, only what they were judged as.
  if (order === undefined || orderId === undefined || next?.type !== 'OrderPendingReplace')
    return undefined;
  const changes = changesTo(order, next.data.intent);
  const changed = changedIntent(order, changes);
  const intent = changed.ok ? changed.value : next.data.intent;
  const gathered = gatheredOf(assessed, intent, session);
  return { type: 'ReplaceOrder', orderId, changes, facts, gathered, decisionId, codeDigest };
};

const ofBooks = (
  event: SessionEvent,
  previous: Previous | undefined,
): SessionCommand | undefined => {
  switch (event.type) {
    case 'WorkingOrdersCarried':
      return carryBehind(event.data, previous);
    case 'TradingEnabled':
      return { type: 'EnableTrading', at: event.data.at };
    case 'CorporateActionApplied': {
      const { action, at } = event.data;
      return { type: 'ApplyCorporateActions', actions: [action], at };
    }
    case 'BorrowFeeCharged': {
      const { nights, at } = event.data;
      return { type: 'ChargeBorrowing', charges: [event.data], nights, at };
    }
    case 'HaltEngaged':
      return { type: 'EngageHalt', halt: event.data };
    case 'HaltReleased': {
      const { haltId, requestId, releasedBy, releasedAt: at } = event.data;
      return { type: 'ReleaseHalt', haltId, requestId, releasedBy, at };
    }
    case 'AccessAdopted': {
      const { at, ...told } = event.data;
      return { type: 'AdoptAccess', told, at };
    }
    case 'LimitsAdopted':
      return { type: 'AdoptLimits', document: event.data.document, at: event.data.at };
    default:
      return undefined;
  }
};

const closing = ({ at, marks }: Data<'SessionClosed'>, session: Session): SessionCommand => ({
  type: 'CloseSession',
  at,
  marks,
  asked: markedSymbols(session),
});

/** The closing that ends the day's orders before it closes the books, if nothing but that follows. */
const closingBehind = (following: readonly SessionEvent[], session: Session) => {
  const end = following.find(({ type }) => type !== 'OrderExpired' && type !== 'OrderCanceled');
  return end?.type === 'SessionClosed' ? [closing(end.data, session)] : [];
};

const ofSession = (
  [event, ...following]: readonly [SessionEvent, ...SessionEvent[]],
  session: Session,
  previous: Previous | undefined,
): readonly (SessionCommand | undefined)[] => {
  switch (event.type) {
    case 'RiskAssessed': {
      const behind = event.data.replaces === undefined ? placeBehind : replaceBehind;
      return [behind(event.data, following, session)];
    }
    case 'OrderPendingCancel': {
      const { orderId, reason, at, windDownId } = event.data;
      // Of a wish to wind down, which cancels more than one.
      if (windDownId !== null) return [];
      return [{ type: 'CancelOrder', orderId, reason, at }];
    }
    case 'SessionClosed':
      return [closing(event.data, session)];
    default: {
      const report = reportBehind(event, session);
      if (report === undefined) return [ofBooks(event, previous)];
      const reported = { type: 'ReportVenue', reports: [report] } as const;
      return event.type === 'OrderExpired' || event.type === 'OrderCanceled'
        ? [...closingBehind(following, session), reported]
        : [reported];
    }
  }
};

/**
 * The commands of which one must have led to the first of these events, from what follows it and the session
 * before it, the likeliest first; none where too little is recorded to ask again. Facts are those that the
 * events hold.
 */
export const commandsBehind = (
  events: readonly [SessionEvent, ...SessionEvent[]],
  { before, previous }: { readonly before: SessionState; readonly previous: Previous | undefined },
): readonly SessionCommand[] => {
  const [event] = events;
  if (event.type === 'SessionOpened') {
    const opening = openBehind(event.data, previous);
    return opening === undefined ? [] : [opening];
  }
  return before.phase === 'unopened' ? [] : ofSession(events, before, previous).filter(isKnown);
};

const isKnown = (command?: SessionCommand): command is SessionCommand => command !== undefined;

import type { Execution, OrderLink, WorkingOrder } from '@sentinel/contracts/execution';
import {
  type Digest,
  money,
  type OrderId,
  type Price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { knownOrder } from './evolve/order.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

type Role = OrderLink['role'];
/** An exit that is to be set out, and the price at which it stands. */
type Exit = { readonly role: Role; readonly at: Price };

/**
 * The id of an exit, reckoned from its parent's, so that a replay finds the same: a UUIDv7 with the
 * parent's time and bits of a digest in the place of chance.
 */
export const exitOrderId = (
  parentId: OrderId,
  role: Role,
  { fill, digest }: { readonly fill: number; readonly digest: Digest },
): OrderId => {
  const bits = digest(`${parentId} ${role} ${fill}`);
  return `${parentId.slice(0, 13)}-7${bits.slice(0, 3)}-8${bits.slice(3, 6)}-${bits.slice(6, 18)}` as OrderId;
};

/** The order that gets out of what `parent` got into. It works until canceled, whatever its parent. */
const exitIntent = (parent: OrderIntent, { role, at }: Exit, shares: Quantity): OrderIntent => {
  const takes = role === 'take_profit';
  return {
    symbol: parent.symbol,
    side: parent.side === 'buy' ? 'sell' : 'buy',
    quantity: shares,
    orderType: takes ? 'limit' : 'stop',
    limitPrice: takes ? at : null,
    stopPrice: null,
    timeInForce: 'gtc',
    strategyId: parent.strategyId,
    ...(!takes && { triggerPrice: at }),
  };
};

/** The exits that an intent sets out. */
const exitsIn = ({ exits }: OrderIntent): readonly Exit[] => {
  const { stopLoss = null, takeProfit = null } = exits ?? {};
  return [
    ...(stopLoss === null ? [] : [{ role: 'stop_loss', at: stopLoss } as const]),
    ...(takeProfit === null ? [] : [{ role: 'take_profit', at: takeProfit } as const]),
  ];
};

/** Exits of one parent that still work. */
const exitsOf = (session: Session, parentId: OrderId): readonly WorkingOrder[] =>
  workingInTurn(session).filter(({ link }) => link?.parentId === parentId);

/**
 * What an event of one order does to those that hang on it, in the same append. A parent's fill sets
 * out its exits, or makes those that work larger by as much; an exit's fill makes the other smaller by
 * as much, and ends it at nothing. What the venue takes back of either goes the other way.
 */
export const consequencesOf = (
  event: SessionEvent,
  session: Session,
  digest: Digest,
): readonly SessionEvent[] => {
  switch (event.type) {
    case 'OrderPartiallyFilled':
    case 'OrderFilled':
      return afterFill(event.data, session, digest);
    case 'ExecutionBusted':
      return afterChange(event.data, session, -event.data.lastQuantity);
    case 'ExecutionCorrected':
      return afterChange(event.data, session, event.data.lastQuantity - event.data.before.quantity);
    default:
      return [];
  }
};

/** The exits that still work, made to fit `more` shares filled than was believed, or fewer. */
const afterChange = (
  { orderId, at }: Pick<Execution, 'orderId' | 'at'>,
  session: Session,
  more: bigint,
): readonly SessionEvent[] => {
  const { link } = knownOrder(session, orderId, 'a change');
  if (more === 0n) return [];
  return link === undefined
    ? exitsOf(session, orderId).flatMap((exit) => resized(exit, more, { at, bar: null }))
    : exitsOf(session, link.parentId)
        .filter((other) => other.orderId !== orderId)
        .flatMap((other) => resized(other, -more, { at, bar: null }));
};

const afterFill = (fill: Execution, session: Session, digest: Digest): readonly SessionEvent[] => {
  const record = knownOrder(session, fill.orderId, 'a fill');
  const { link, intent, orderId: parentId } = record;
  if (link !== undefined) {
    return exitsOf(session, link.parentId)
      .filter(({ orderId }) => orderId !== fill.orderId)
      .flatMap((other) => resized(other, -fill.lastQuantity, momentOf(fill)));
  }
  const exits = exitsIn(intent);
  const working = exits.length === 0 ? [] : exitsOf(session, parentId);
  if (working.length > 0)
    return working.flatMap((exit) => resized(exit, fill.lastQuantity, momentOf(fill)));
  return exits.map((exit, n) => ({
    type: 'OrderSubmitted',
    data: {
      orderId: exitOrderId(parentId, exit.role, { fill: fill.fill, digest }),
      decisionId: record.decisionId,
      sequence: session.orderSequence + 1 + n,
      intent: exitIntent(intent, exit, fill.lastQuantity),
      reservedCash: money.zero,
      idempotencyKey: null,
      paramsDigest: digest(`${parentId} ${exit.role} ${fill.fill}`),
      givenReason: null,
      at: fill.at,
      link: { role: exit.role, parentId },
    },
  }));
};

type Moment = { readonly at: Temporal.Instant; readonly bar: Temporal.Instant | null };

const momentOf = ({ at, bar }: Execution): Moment => ({ at, bar: bar?.start ?? null });

/**
 * The exit with `by` more shares to trade, or canceled when none are left. New terms that are on their way
 * were asked of another number of shares: they are refused aloud, and not lost.
 */
const resized = (exit: WorkingOrder, by: bigint, { at, bar }: Moment): readonly SessionEvent[] => {
  const { orderId, intent, replacement } = exit;
  const about = { orderId, symbol: intent.symbol, at };
  const left = (exit.leavesQuantity + by) as Quantity;
  if (left <= 0n) {
    const reason = 'Nothing is left for this exit to trade.';
    return [{ type: 'OrderCanceled', data: { ...about, reason } }];
  }
  const grown = { ...intent, quantity: quantity.add(exit.cumulativeQuantity, left) };
  const reason =
    'A fill of an order it hangs together with changed how much it trades: ask for the new terms again.';
  return [
    ...(replacement === undefined
      ? []
      : [{ type: 'OrderReplaceRejected' as const, data: { ...about, reason, bar } }]),
    {
      type: 'OrderReplaced',
      data: {
        ...{ ...about, intent: grown, leavesQuantity: left },
        ...{ reservedCash: money.zero, bar, stopAt: null },
      },
    },
  ];
};

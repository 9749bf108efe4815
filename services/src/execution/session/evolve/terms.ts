import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type Price, quantity } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { movedStop } from '../../../portfolio/index.ts';
import { countGranted } from '../granted.ts';
import { type Session, workingInTurn } from '../state.ts';
import { countMessage, type DataOf, metMarket, move, workingOrder } from './order.ts';

/** A stop that moved, or that began to trade. */
export const stopAt = (
  session: Session,
  data: DataOf<'OrderStopMoved'>,
  trigger: 'OrderStopMoved' | 'OrderTriggered',
): Session => {
  const { orderId, at } = data;
  const triggered =
    trigger === 'OrderTriggered'
      ? { triggeredAt: at, ...reachedMeanwhile(workingOrder(session, orderId, trigger)) }
      : {};
  const changed = {
    working: { stopAt: data.stopAt, ...triggered },
    record: { stopAt: data.stopAt },
  };
  return metMarket(move(session, { orderId, at, changed }, trigger), data);
};

/** A stop that is reached can no more be moved: of terms that are on their way the rest still holds. */
const reachedMeanwhile = ({ replacement, intent }: WorkingOrder): Partial<WorkingOrder> => {
  const { triggerPrice } = intent;
  if (replacement === undefined || triggerPrice === undefined) return {};
  return { replacement: { ...replacement, intent: { ...replacement.intent, triggerPrice } } };
};

/** The new terms wait for the venue's word; until then both they and the old ones count. */
export const askReplacement = (session: Session, data: DataOf<'OrderPendingReplace'>): Session => {
  const { orderId, intent, at, reservedCash } = data;
  const { cumulativeQuantity } = workingOrder(session, orderId, 'OrderPendingReplace');
  const changed = { working: { replacement: { intent, at, reservedCash } }, record: {} };
  return {
    ...move(session, { orderId, at, changed }, 'OrderPendingReplace'),
    messages: countMessage(session, at),
    ...countGranted(session, orderId, {
      granted: data.granted,
      shares: quantity.subtract(intent.quantity, cumulativeQuantity),
    }),
  };
};

const pricesOf = ({ limitPrice, triggerPrice, trail }: OrderIntent): string =>
  `${limitPrice}|${triggerPrice}|${trail?.amount}|${trail?.bps}`;

/**
 * From here on the order has its new terms; a fixed stop stands where they say. What the market did
 * before says nothing of new prices, and all it said of new shares.
 */
export const replace = (session: Session, data: DataOf<'OrderReplaced'>): Session => {
  const { orderId, at, intent, leavesQuantity, reservedCash } = data;
  const { intent: before } = workingOrder(session, orderId, 'OrderReplaced');
  const moved = data.stopAt === null ? {} : { stopAt: data.stopAt };
  const changed = {
    working: {
      intent,
      leavesQuantity,
      reservedCash,
      ...(intent.trail === undefined && { stopAt: undefined }),
      ...moved,
      ...(pricesOf(before) !== pricesOf(intent) && { termsAt: at }),
    },
    record: {
      intent,
      ...(intent.trail === undefined && { stopAt: intent.triggerPrice }),
      ...moved,
    },
  };
  return fromMarket(move(session, { orderId, at, changed }, 'OrderReplaced'), data);
};

export const refuseReplacement = (
  session: Session,
  data: DataOf<'OrderReplaceRejected'>,
): Session =>
  fromMarket(move(session, { orderId: data.orderId, at: data.at }, 'OrderReplaceRejected'), data);

/** A corporate action changes terms as well, and on bars it has none to name. */
const fromMarket = (
  session: Session,
  data: DataOf<'OrderReplaced'> | DataOf<'OrderReplaceRejected'>,
): Session =>
  data.bar === null && session.venue.bars !== undefined ? session : metMarket(session, data);

const stillAdjusting = (
  action: CorporateAction,
  [next, ...rest]: readonly WorkingOrder['orderId'][],
): Session['adjusting'] => (next === undefined ? null : { action, left: [next, ...rest] });

/** Whatever an action must still change, once it has changed one of the orders. */
export const oneAdjusted = (session: Session, orderId: WorkingOrder['orderId']): Session => {
  const { adjusting } = session;
  if (adjusting === null) return session;
  const left = adjusting.left.filter((id) => id !== orderId);
  return { ...session, adjusting: stillAdjusting(adjusting.action, left) };
};

const ordersIn = (session: Session, { symbol }: CorporateAction): readonly WorkingOrder[] =>
  workingInTurn(session).filter(({ intent }) => intent.symbol === symbol);

/**
 * Takes the trailing stops of a symbol through an action, where its event says where they stand. Other
 * terms follow as OrderReplaced, one for each order; until then the action is not done with.
 */
export const carryStops = (
  session: Session,
  { action, stops }: DataOf<'CorporateActionApplied'>,
): Session => {
  let { working, orders } = session;
  const left = ordersIn(session, action).map(({ orderId }) => orderId);
  const adjusting = session.phase === 'opening' ? stillAdjusting(action, left) : null;
  for (const { orderId, stopAt } of stops ?? stopsOfVersion1(session, action)) {
    const order = working.get(orderId);
    const record = orders.get(orderId);
    if (order !== undefined) working = working.with(orderId, { ...order, stopAt });
    if (record !== undefined) orders = orders.with(orderId, { ...record, stopAt });
  }
  return { ...session, working, orders, adjusting };
};

type Trailing = WorkingOrder & { readonly stopAt: Price };
const trails = (order: WorkingOrder): order is Trailing =>
  order.intent.trail !== undefined && order.stopAt !== undefined && order.triggeredAt === undefined;

const stopsOfVersion1 = (session: Session, action: CorporateAction) =>
  ordersIn(session, action)
    .filter(trails)
    .map(({ orderId, stopAt, intent }) => ({
      orderId,
      stopAt: movedStop(stopAt, action, intent.side === 'buy'),
    }));

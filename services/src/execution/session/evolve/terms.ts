import type { WorkingOrder } from '@sentinel/contracts/execution';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { movedStop } from '../../../portfolio/index.ts';
import type { Session } from '../state.ts';
import { countMessage, type DataOf, metMarket, move } from './order.ts';

/** A stop that moved, or that began to trade. */
export const stopAt = (
  session: Session,
  data: DataOf<'OrderStopMoved'>,
  trigger: 'OrderStopMoved' | 'OrderTriggered',
): Session => {
  const triggered = trigger === 'OrderTriggered' ? { triggeredAt: data.at } : {};
  const changed = {
    working: { stopAt: data.stopAt, ...triggered },
    record: { stopAt: data.stopAt },
  };
  const { orderId, at } = data;
  return metMarket(move(session, { orderId, at, changed }, trigger), data);
};

/** The new terms wait for the venue's word; until then both they and the old ones count. */
export const askReplacement = (session: Session, data: DataOf<'OrderPendingReplace'>): Session => {
  const { intent, at, reservedCash } = data;
  const changed = { working: { replacement: { intent, at, reservedCash } }, record: {} };
  return {
    ...move(session, { orderId: data.orderId, at, changed }, 'OrderPendingReplace'),
    messages: countMessage(session, at),
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
  const before = session.working.get(orderId)?.intent ?? intent;
  const changed = {
    working: {
      intent,
      leavesQuantity,
      reservedCash,
      ...(intent.trail === undefined && { stopAt: undefined }),
      ...(pricesOf(before) !== pricesOf(intent) && { termsAt: at }),
    },
    record: { intent, ...(intent.trail === undefined && { stopAt: intent.triggerPrice }) },
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

const isTrailing = ({ intent, stopAt, triggeredAt }: WorkingOrder): boolean =>
  intent.trail !== undefined && stopAt !== undefined && triggeredAt === undefined;

/**
 * Takes the trailing stops of a symbol through an action. Fixed ones stand where the terms say, which
 * follow as OrderReplaced; where a trailing one stands is no term, and the old price would trade at once.
 */
export const carryStops = (session: Session, action: CorporateAction): Session => {
  let { working, orders } = session;
  for (const order of working.values()) {
    const { orderId, intent, stopAt } = order;
    if (intent.symbol !== action.symbol || stopAt === undefined || !isTrailing(order)) continue;
    const moved = movedStop(stopAt, action, intent.side === 'buy');
    const record = orders.get(orderId);
    working = working.with(orderId, { ...order, stopAt: moved });
    if (record !== undefined) orders = orders.with(orderId, { ...record, stopAt: moved });
  }
  return { ...session, working, orders };
};

import type { OrderIntent } from '@sentinel/contracts/risk';
import { metMarket } from './evolve-met.ts';
import { countMessage, type DataOf, move } from './evolve-order.ts';
import type { Session } from './state.ts';

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

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
  return move(session, { ...data, changed }, trigger);
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

/** From here on the order has its new terms; a fixed stop stands where they say. */
export const replace = (session: Session, data: DataOf<'OrderReplaced'>): Session => {
  const { orderId, at, intent, leavesQuantity, reservedCash } = data;
  const changed = {
    working: {
      intent,
      leavesQuantity,
      reservedCash,
      ...(intent.trail === undefined && { stopAt: undefined }),
    },
    record: { intent, ...(intent.trail === undefined && { stopAt: intent.triggerPrice }) },
  };
  return move(session, { orderId, at, changed }, 'OrderReplaced');
};

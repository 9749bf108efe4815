import {
  isWorking,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
  orderStatusSchema,
  type WorkingOrder,
} from '@sentinel/contracts/execution';
import { type Money, money, moneySchema, orderIdSchema, z } from '@sentinel/contracts/kernel';

/** A working order as far as it ties up money. */
export const workingRow = z.strictObject({
  orderId: orderIdSchema,
  status: orderStatusSchema,
  /** The state to go back to when what is pending is refused. */
  statusBefore: orderStatusSchema.nullable(),
  reservedCash: moneySchema,
  /** What new terms that are on their way would set aside; null when none are. */
  askedCash: moneySchema.nullable(),
});
export type Working = z.output<typeof workingRow>;

export const workingOf = (order: WorkingOrder): Working => ({
  orderId: order.orderId,
  status: order.status,
  statusBefore: order.statusBefore,
  reservedCash: order.reservedCash,
  askedCash: order.replacement?.reservedCash ?? null,
});

export const begun = (
  status: 'submitted' | 'accepted',
  { orderId, reservedCash }: Pick<Working, 'orderId' | 'reservedCash'>,
): Working => ({ orderId, status, statusBefore: null, reservedCash, askedCash: null });

/** What is set aside for it: until the venue has spoken both the old and the new terms may trade. */
export const setAside = ({ reservedCash, askedCash }: Working): Money =>
  askedCash === null ? reservedCash : money.max(reservedCash, askedCash);

/**
 * The orders that work once `trigger` has moved one of them by the table of states, as the session
 * moves it. Of an order that has ended nothing is set aside any more, whatever is still said of it.
 */
export const movedOrders = (
  working: readonly Working[],
  { orderId, ...changed }: Pick<Working, 'orderId'> & Partial<Working>,
  trigger: OrderTrigger,
): Working[] =>
  working.flatMap((order) => {
    if (order.orderId !== orderId) return [order];
    const status = nextStatus(order.status, order.statusBefore, trigger);
    if (status === undefined) throw new Error(`${trigger} of order ${orderId}, ${order.status}`);
    if (!isWorking(status)) return [];
    const statusBefore = nextStatusBefore(order.status, order.statusBefore, trigger);
    const pending = status === 'unknown' ? statusBefore : status;
    const moved = { ...order, ...changed, status, statusBefore };
    return [pending === 'pending_replace' ? moved : { ...moved, askedCash: null }];
  });

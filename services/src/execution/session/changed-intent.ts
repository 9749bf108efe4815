import type { WorkingOrder } from '@sentinel/contracts/execution';
import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { OrderChanges } from './commands.ts';

/** The terms that an order has, or will have once the venue has taken what was asked before. */
export const newestIntent = ({ intent, replacement }: WorkingOrder): OrderIntent =>
  replacement?.intent ?? intent;

/** The order's newest terms with what is to change in them, or why that does not fit them. */
export const changedIntent = (
  order: WorkingOrder,
  { quantity, limitPrice, stopPrice }: OrderChanges,
): Outcome<OrderIntent, 'INVALID_ARGUMENT'> => {
  const intent = newestIntent(order);
  if (quantity === undefined && limitPrice === undefined && stopPrice === undefined)
    return refused('INVALID_ARGUMENT', 'Nothing is to be changed.', 'Give a quantity or a price.');
  if (order.link !== undefined && quantity !== undefined) {
    return refused(
      'INVALID_ARGUMENT',
      'The quantity of an exit follows what its parent filled.',
      'Change its price, or cancel it.',
    );
  }
  if (limitPrice !== undefined && intent.limitPrice === null)
    return refused('INVALID_ARGUMENT', 'The order has no limit price.', 'Leave limit_price out.');
  if (stopPrice !== undefined && intent.trail !== undefined)
    return refused('INVALID_ARGUMENT', 'Its trail moves the stop.', 'Leave stop_price out.');
  const waits = intent.triggerPrice !== undefined;
  return accepted({
    ...intent,
    quantity: quantity ?? intent.quantity,
    limitPrice: limitPrice ?? intent.limitPrice,
    ...(stopPrice !== undefined && (waits ? { triggerPrice: stopPrice } : { stopPrice })),
  });
};

import type { WorkingOrder } from '@sentinel/contracts/execution';
import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { misfitOf } from '../../risk/index.ts';
import type { OrderChanges } from './commands.ts';

/** The terms that an order has, or will have once the venue has taken what was asked before. */
export const newestIntent = ({ intent, replacement }: WorkingOrder): OrderIntent =>
  replacement?.intent ?? intent;

type Refused = Extract<Outcome<never, 'INVALID_ARGUMENT'>, { ok: false }>;
const wrong = (what: string, remedy: string): Refused => refused('INVALID_ARGUMENT', what, remedy);

/** Why an order of this kind does not take such a change, whatever its values. */
const unfit = (
  { link, triggeredAt }: WorkingOrder,
  intent: OrderIntent,
  { quantity, limitPrice, stopPrice }: OrderChanges,
): Refused | undefined => {
  if (quantity === undefined && limitPrice === undefined && stopPrice === undefined)
    return wrong('Nothing is to be changed.', 'Give a quantity or a price.');
  if (link !== undefined && quantity !== undefined)
    return wrong(
      'The quantity of an exit follows what its parent filled.',
      'Change its price, or cancel it.',
    );
  if (limitPrice !== undefined && intent.limitPrice === null)
    return wrong('The order has no limit price.', 'Leave limit_price out.');
  if (stopPrice === undefined) return undefined;
  if (intent.trail !== undefined)
    return wrong('Its trail moves the stop.', 'Leave stop_price out.');
  if (triggeredAt !== undefined)
    return wrong(
      'The stop has been reached: the order trades like any other now.',
      'Leave stop_price out; to wait for another price, cancel the order and place a new stop.',
    );
  if (link !== undefined && intent.triggerPrice === undefined)
    return wrong('This exit has no stop.', 'Move the stop_loss beside it by its own order id.');
  return undefined;
};

/** Where the stop goes: to that of a stop order, or to the stop loss that is to be set out. */
const movedStop = (intent: OrderIntent, stopPrice: OrderChanges['stopPrice']) => {
  if (stopPrice === undefined) return {};
  if (intent.triggerPrice !== undefined) return { triggerPrice: stopPrice };
  const { exits } = intent;
  return exits === undefined || exits.stopLoss === null
    ? { stopPrice }
    : { stopPrice, exits: { ...exits, stopLoss: stopPrice } };
};

/** The order's newest terms with what is to change in them, or why that does not fit them. */
export const changedIntent = (
  order: WorkingOrder,
  changes: OrderChanges,
): Outcome<OrderIntent, 'INVALID_ARGUMENT'> => {
  const intent = newestIntent(order);
  const refusal = unfit(order, intent, changes);
  if (refusal !== undefined) return refusal;
  const { quantity, limitPrice, stopPrice } = changes;
  const changed: OrderIntent = {
    ...intent,
    quantity: quantity ?? intent.quantity,
    limitPrice: limitPrice ?? intent.limitPrice,
    ...movedStop(intent, stopPrice),
  };
  const misfit = misfitOf(changed, { isTriggered: order.triggeredAt !== undefined });
  return misfit === undefined ? accepted(changed) : wrong(misfit.what, misfit.remedy);
};

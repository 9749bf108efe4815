import { orderCall } from '../chaos/index.ts';
import { caller } from './caller.ts';

const callers = 8;
const previewEvery = 4;

/** Orders of a day by their number, each its own: those from `from` on, before `until`. */
export type OrdersOfDay = { readonly from: number; readonly until: number };

/** Undefined for an order that was denied, as one that crosses another which still works. */
const orderIdIn = (answer: string): string | undefined => {
  const id = /\\?"order_id\\?":\\?"([0-9a-f-]{36})/.exec(answer)?.[1];
  if (id === undefined && !answer.includes('was not submitted'))
    throw new Error(`no order in ${answer.slice(0, 300)}`);
  return id;
};

/** A day of one account: previews, orders that fill, orders that rest and are canceled. */
export const tradeDay = async (url: string, { from, until }: OrdersOfDay): Promise<void> => {
  let next = from;
  const trade = async (): Promise<void> => {
    const { ask, call, close } = caller(url);
    for (let n = next++; n < until; n = next++) {
      const { arguments: order } = orderCall(n);
      const { idempotency_key: _, ...wish } = order;
      if (n % previewEvery === 0) await ask('risk_validate_trade', wish);
      const placed = await ask('execution_paper_order', order);
      const orderId = orderIdIn(placed);
      if (order.order_type === 'limit' && orderId !== undefined)
        await call('execution_cancel_order', { order_id: orderId, reason: 'the day is over' });
    }
    close();
  };
  await Promise.all(Array.from({ length: callers }, trade));
};

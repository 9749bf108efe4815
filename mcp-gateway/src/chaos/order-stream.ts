import { setTimeout as sleep } from 'node:timers/promises';
import { caller } from '../bench/index.ts';

/** What a client knows of an order that it has sent: acknowledged, refused for good, or unanswered. */
export type SentOrder = {
  readonly key: string;
  readonly quantity: string;
  orderId: string | undefined;
};

const callers = 4;
const pauseMs = 5;

const orderIdIn = (text: string): string | undefined =>
  /"order_id":"([0-9a-f-]{36})"/.exec(text)?.[1];

/**
 * Streams orders until told to stop, each with a key of its own. What is not answered is sent again
 * under its key, as a careful client would; an order acknowledged twice must have one id.
 */
export const orderStream = (url: string) => {
  const orders: SentOrder[] = [];
  const contradictions: string[] = [];
  let stopped = false;
  let sequence = 0;

  const send = async (client: ReturnType<typeof caller>, order: SentOrder): Promise<void> => {
    const text = await client.call('execution_paper_order', {
      symbol: 'NVDA',
      side: 'buy',
      qty: order.quantity,
      order_type: 'market',
      idempotency_key: order.key,
    });
    const orderId = orderIdIn(text);
    if (orderId === undefined) throw new Error(`no order in ${text}`);
    if (order.orderId !== undefined && order.orderId !== orderId) {
      contradictions.push(`${order.key} was answered with ${order.orderId} and with ${orderId}`);
    }
    order.orderId = orderId;
  };

  const next = (mine: readonly SentOrder[]): SentOrder => {
    const open = mine.find((order) => order.orderId === undefined);
    if (open !== undefined) return open;
    // Every seventh call repeats an acknowledged one.
    const repeated = mine.length > 0 && sequence % 7 === 0 ? mine.at(-1) : undefined;
    sequence += 1;
    if (repeated !== undefined) return repeated;
    const order = {
      key: `k-${sequence}`,
      quantity: `0.${`${sequence}`.padStart(6, '0')}`,
      orderId: undefined,
    };
    orders.push(order);
    return order;
  };

  const work = async (): Promise<void> => {
    const mine: SentOrder[] = [];
    let client = caller(url);
    while (!stopped) {
      const order = next(mine);
      if (!mine.includes(order)) mine.push(order);
      try {
        await send(client, order);
      } catch {
        // The program was killed or is not ready: the order stays open and is sent again.
        client.close();
        client = caller(url);
        await sleep(pauseMs * 5);
      }
      await sleep(pauseMs);
    }
    client.close();
  };

  const working = Array.from({ length: callers }, work);
  return {
    acknowledged: (): readonly SentOrder[] => orders.filter(({ orderId }) => orderId !== undefined),
    contradictions: (): readonly string[] => contradictions,
    stop: async (): Promise<void> => {
      stopped = true;
      await Promise.all(working);
    },
  };
};

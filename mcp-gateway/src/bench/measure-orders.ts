import { caller, percentile, timeCalls } from './caller.ts';

export type OrderRate = { readonly perSecond: number; readonly p50Ms: number };

const warmUpOrders = 400;
const measuredOrders = 3_000;

/**
 * Orders per second of `callers` who each wait for an answer before they send the next, every order of
 * another quantity so that none is a duplicate.
 */
export const orderRates = (url: string) => {
  let sent = 0;
  const share = async (callers: number, orders: number): Promise<readonly number[]> => {
    const clients = Array.from({ length: callers }, () => caller(url));
    const order = (client: (typeof clients)[number]) =>
      client.call('execution_paper_order', {
        symbol: 'NVDA',
        side: 'buy',
        qty: `0.${`${++sent}`.padStart(6, '0')}`,
        order_type: 'market',
      });
    const times = await Promise.all(
      clients.map((client) => timeCalls(Math.ceil(orders / callers), () => order(client))),
    );
    for (const client of clients) client.close();
    return times.flat();
  };
  return async (callers: number): Promise<OrderRate> => {
    await share(callers, warmUpOrders);
    const begin = performance.now();
    const times = await share(callers, measuredOrders);
    const perSecond = (times.length * 1_000) / (performance.now() - begin);
    return { perSecond, p50Ms: percentile(times, 0.5) };
  };
};

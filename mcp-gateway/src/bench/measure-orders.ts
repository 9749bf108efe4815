import { type AppendMeter, smallPayload } from '@sentinel/infra/event-store';
import { caller, percentile, timeCalls } from './caller.ts';
import { lastOrderOf } from './last-order.ts';
import type { RunningSentinel } from './program.ts';
import { mediansOf } from './rounds.ts';
import { atLeast, say, type Verdict } from './verdict.ts';

type OrderRate = { readonly perSecond: number; readonly p50Ms: number };

const rounds = 9;
const appendsMs = 800;
const smallAppendsMs = 400;
const ordersAlone = 400;
const ordersTogether = 800;
const bytesPerKilobyte = 1_000;

/**
 * Orders a second of `callers` who each wait for an answer before they send the next, every order of
 * another quantity so that none is a duplicate.
 */
const orderRates = (url: string) => {
  let sent = 0;
  return async (callers: number, orders: number): Promise<OrderRate> => {
    const clients = Array.from({ length: callers }, () => caller(url));
    const order = (client: (typeof clients)[number]) =>
      client.call('execution_paper_order', {
        symbol: 'NVDA',
        side: 'buy',
        qty: `0.${`${++sent}`.padStart(6, '0')}`,
        order_type: 'market',
      });
    const begin = performance.now();
    const times = await Promise.all(
      clients.map((client) => timeCalls(Math.ceil(orders / callers), () => order(client))),
    );
    const perSecond = (times.flat().length * 1_000) / (performance.now() - begin);
    for (const client of clients) client.close();
    return { perSecond, p50Ms: percentile(times.flat(), 0.5) };
  };
};

/** Orders, and appends of the events of an order, in turns; a round's ratios are of the same moment. */
export const measureOrders = async (
  { url, dataDir }: Pick<RunningSentinel, 'url' | 'dataDir'>,
  store: AppendMeter,
): Promise<readonly Verdict[]> => {
  const rateOf = orderRates(url);
  await rateOf(16, ordersTogether);
  const order = await lastOrderOf(dataDir);
  const bytes = Buffer.byteLength(JSON.stringify(order));
  const found = await mediansOf(rounds, async () => {
    const floor = await store.rate(order, { callers: 1, forMs: appendsMs });
    const alone = await rateOf(1, ordersAlone);
    const together = await rateOf(16, ordersTogether);
    const small = await store.rate([smallPayload], { callers: 1, forMs: smallAppendsMs });
    const small16 = await store.rate([smallPayload], { callers: 16, forMs: smallAppendsMs });
    return {
      ...{ floor, small, small16, alone: alone.perSecond, together: together.perSecond },
      ...{ aloneMs: alone.p50Ms, togetherMs: together.p50Ms },
      aloneShare: alone.perSecond / floor,
      togetherShare: together.perSecond / floor,
      coalescing: small16 / small,
    };
  });
  say(
    `store: ${found.small.toFixed(0)} appends/s of half a kilobyte with one caller, ${found.small16.toFixed(0)} with 16; of the two events of an order (${(bytes / bytesPerKilobyte).toFixed(1)} kB) ${found.floor.toFixed(0)} with one`,
  );
  for (const [callers, perSecond, p50Ms, share] of [
    ['one caller', found.alone, found.aloneMs, found.aloneShare],
    ['16 callers', found.together, found.togetherMs, found.togetherShare],
  ] as const)
    say(
      `execution_paper_order: ${perSecond.toFixed(0)}/s from ${callers}, p50 ${p50Ms.toFixed(3)} ms; ${share.toFixed(2)} of one caller's appends of its events, ${(perSecond / found.small).toFixed(2)} of small ones`,
    );
  const over = "over one caller's appends of its events";
  return [
    atLeast(0.5, `execution_paper_order per second, 16 callers, ${over}`, found.togetherShare),
    atLeast(0.25, `execution_paper_order per second, one caller, ${over}`, found.aloneShare),
    atLeast(2.5, 'Postgres store, 16 callers over one', found.coalescing),
  ];
};

import type { InputOf } from '@sentinel/contracts';
import { price, quantity, type RequestContext } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { workflowMetadata } from '@sentinel/services/execution';
import { openPastHouse } from './past-house.ts';

const symbols = 'SPY QQQ IWM DIA NVDA MSFT AAPL AMZN WMT KO JPM XOM'.split(' ') as Ticker[];
/** By whose signals some orders of a symbol are placed; null for wishes of one's own alone. */
const strategies = ['momentum_v1', null, 'orb_v1'] as const;
/** Of so many orders the first of each symbol names a strategy: not so often that it counts as repeated. */
const strategyEvery = 144;
const eventsPerDay = 2_500;
/** Each buys and sells again: what is held at night stays the same, however many days there are. */
const pairsAtOnce = 24;
/** Longer than the window in which the same order once more is a duplicate. */
const secondsBetween = 40;
const latencySeconds = 1;

const context = (tool: string): RequestContext => {
  const { correlationId, causationId } = workflowMetadata('benchmark', newId);
  return {
    metadata: {
      principal: 'local:benchmark',
      client: 'benchmark',
      tool,
      correlationId,
      causationId,
    },
    signal: new AbortController().signal,
    progress: () => undefined,
  };
};

/** The `n`-th order of the log. Those of one symbol that are placed at once differ in shares: none is another again. */
const wish = (n: number, side: 'buy' | 'sell'): InputOf<'PlaceOrder'> => {
  const of = n % symbols.length;
  const isOfStrategy = n % strategyEvery < symbols.length;
  const strategy = isOfStrategy ? strategies[of % strategies.length] : null;
  return {
    ...{ symbol: symbols[of] as Ticker, side, order_type: 'market' },
    ...(typeof strategy === 'string' && { strategy_id: strategy }),
    ...{ qty: quantity.fromShares(1 + (Math.floor(n / symbols.length) % 3)), time_in_force: 'day' },
  };
};

type House = Awaited<ReturnType<typeof openPastHouse>>;

/** All of them at once, which go together into few appends. Who buys less than it asked for is denied to sell that. */
const place = async ({ desk }: House, wishes: readonly InputOf<'PlaceOrder'>[]) => {
  const placed = await Promise.all(
    wishes.map((each) => desk.handlers.PlaceOrder(each, context('execution.paper_order'))),
  );
  const taken = placed.flatMap((outcome) => (outcome.ok ? [outcome.value.order] : []));
  if (taken.length * 2 < wishes.length)
    throw new Error(`most orders were denied: ${JSON.stringify(placed.find(({ ok }) => !ok))}`);
  return taken;
};

/** What is held from the first day on: an order is weighed against each symbol that is held. */
const buyAll = async (house: House, wait: (seconds: number) => void) => {
  const { desk } = house;
  await place(
    house,
    symbols.map((_, n) => wish(n, 'buy')),
  );
  const current = await desk.sessions.current(workflowMetadata('benchmark', newId));
  if (!current.ok) throw new Error(current.refusal.message);
  wait(latencySeconds);
  await desk.routing.step(current.value);
  wait(secondsBetween);
};

/** A preview, an order that rests until it is canceled, and pairs that fill. */
const tradeOnce = async (house: House, first: number, wait: (seconds: number) => void) => {
  const { desk } = house;
  const numbers = Array.from({ length: pairsAtOnce }, (_, index) => first + index);
  const current = await desk.sessions.current(workflowMetadata('benchmark', newId));
  if (!current.ok) throw new Error(current.refusal.message);
  const step = async () => {
    wait(latencySeconds);
    await desk.routing.step(current.value);
  };
  await desk.handlers.ValidateTrade(wish(first, 'buy'), context('risk.validate_trade'));
  const placed = await place(house, [
    { ...wish(first, 'buy'), order_type: 'limit', limit_price: price.of('5') },
    ...numbers.map((n) => wish(n, 'buy')),
  ]);
  await step();
  for (const { order_id } of placed.filter(({ order_type }) => order_type === 'limit')) {
    const cancel = { order_id, reason: 'the day is over' };
    await desk.handlers.CancelOrder(cancel, context('execution.cancel_order'));
  }
  await place(
    house,
    numbers.map((n) => wish(n, 'sell')),
  );
  await step();
};

/**
 * Lives through as many days before today as `events` events take, with the desk, the market and the
 * event store of the program, and a clock that is moved by hand. They end yesterday, so that a start
 * goes on from them as it does from any night.
 */
export const livePastDays = async (dataDir: string, events: number): Promise<void> => {
  const days = Math.ceil(events / eventsPerDay);
  const mornings = Array.from({ length: days }, (_, day) =>
    systemClock().subtract({ hours: 24 * (days - day) }),
  );
  let now = mornings[0] ?? systemClock();
  const house = await openPastHouse(dataDir, () => now);
  const wait = (seconds: number): void => {
    now = now.add({ seconds });
  };
  try {
    await buyAll(house, wait);
    let orders = 0;
    for (const [day, morning] of mornings.entries()) {
      now = morning;
      const until = BigInt(Math.floor((events * (day + 1)) / days));
      do {
        await tradeOnce(house, orders, wait);
        orders += pairsAtOnce;
        wait(secondsBetween);
      } while ((await house.eventStore.lastPosition()) < until);
    }
  } finally {
    await house.close();
  }
};

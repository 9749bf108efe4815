import { backtestEvents } from '@sentinel/contracts/backtest';
import { lifecycleEvents } from '@sentinel/contracts/governance';
import {
  decodeEvent,
  type EventStore,
  type OrderId,
  price,
  quantity,
  streamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { strategyEvents } from '@sentinel/contracts/strategy';
import { stillMarket } from '../execution/test-kit/still-market.ts';
import { testContext, testDesk, testDigest, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import type { StrategyIndex } from './evidence.ts';
import { governanceRoom } from './room.ts';
import { strategyFinder } from './standing.ts';

/** The log itself as the index of strategies. */
const indexOf = (eventStore: EventStore): StrategyIndex => ({
  ofType: async (type) => {
    const all = await eventStore.readAll({ maxCount: 5_000 });
    return all.flatMap((recorded) => {
      if (recorded.type !== 'StrategyRegistered') return [];
      const { data } = decodeEvent(strategyEvents, recorded);
      return data.type === type ? [data.strategyId] : [];
    });
  },
  ofRequest: async (requestId) => {
    const all = await eventStore.readAll({ maxCount: 5_000 });
    for (const recorded of all) {
      if (recorded.type !== 'PromotionRequested') continue;
      const event = decodeEvent(lifecycleEvents, recorded);
      if (event.type === 'PromotionRequested' && event.data.requestId === requestId)
        return event.data.strategyId;
    }
    return undefined;
  },
  runsOf: async (strategyId) => {
    const all = await eventStore.readAll({ maxCount: 5_000 });
    return all.flatMap((recorded) => {
      if (!(recorded.type in backtestEvents)) return [];
      const event = decodeEvent(backtestEvents, recorded);
      if (event.type === 'BacktestTradesKept') return [];
      const {
        runId: run,
        trials,
        ...rest
      } = event.type === 'BacktestRecorded' ? event.data.result : event.data;
      if (rest.strategyId !== strategyId) return [];
      const sharpe = 'returns' in rest ? rest.returns.mean / rest.returns.stdev : null;
      return [{ run, trials, sharpe }];
    });
  },
});

export const symbol = 'NVDA' as Ticker;

/** A desk whose strategies are governed, on a still market over any event store. */
export const governedDesk = (
  eventStore: EventStore,
  options: Pick<
    NonNullable<Parameters<typeof testDesk>[1]>,
    'ids' | 'market' | 'still' | 'replayed'
  > = {},
) => {
  const still = options.still ?? stillMarket(tuesdayNoon);
  const desk = testDesk(eventStore, {
    ...options,
    still,
    findStrategy: strategyFinder(eventStore, testDigest),
    limits: { lossCooldownCount: 100, maxDailyDrawdownBps: 5_000, maxWeeklyDrawdownBps: 5_000 },
  });
  const governance = governanceRoom({
    ...{ eventStore, control: desk.control, halting: desk.halting },
    under: desk.floor.under,
    ...{ index: indexOf(eventStore), newId: desk.newId, digest: testDigest },
    answer: desk.floor.approvals.answer,
    marketNow: still.market.now,
    now: still.market.now,
  });
  desk.floor.approvals.add(governance.approvalSource);
  const session = () => {
    const { date } = still.market.session(still.market.now());
    return streamName('session', `paper-${date}`);
  };
  const order = async (input: Partial<Parameters<typeof desk.order>[0]> = {}) =>
    desk.order({
      ...{ symbol, qty: quantity.fromShares(10), strategy_id: 'momentum_v1' },
      ...input,
    });
  const filled = async (input: Parameters<typeof order>[0]): Promise<OrderId> => {
    const placed = await order(input);
    if (!placed.ok) throw new Error(`${placed.refusal.code}: ${placed.refusal.message}`);
    await desk.routing.step(session());
    still.wait({ milliseconds: 200 });
    await desk.routing.step(session());
    return placed.value.order.order_id;
  };
  let bid = 100;
  const moveTo = (to: number) => {
    bid = to;
    still.move({ bid: to.toFixed(2), ask: (to + 0.02).toFixed(2) });
  };
  /** Buys ten shares that risk a dollar each, and sells them at the price so much higher. */
  const trade = async (gain: number, input: Parameters<typeof order>[0] = {}) => {
    await filled({ stop_price: price.of((bid - 1).toFixed(2)), ...input });
    still.wait({ minutes: 6 });
    moveTo(bid + gain);
    await filled({ side: 'sell', ...input });
    still.wait({ minutes: 6 });
  };
  return {
    ...desk,
    governance,
    eventStore,
    trade,
    filled,
    order,
    moveTo,
    still,
    session,
    codeOf: async (input: Parameters<typeof order>[0] = {}) => {
      const placed = await order(input);
      return placed.ok ? 'ok' : placed.refusal.code;
    },
    open: async () => {
      await desk.open(desk.limits);
      await governance.open(testContext.metadata);
    },
    types: async (stream: string) =>
      (await eventStore.readAll({ maxCount: 5_000 })).flatMap((each) =>
        each.stream === stream ? [each.type] : [],
      ),
  };
};

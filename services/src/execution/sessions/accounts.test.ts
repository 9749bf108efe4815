import { money, quantity, type StreamName, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { accountOf } from '../../risk/index.ts';
import type { Desk } from '../desk.ts';
import { guardStep, testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const cash = { first: '100000', second: '50000', third: '250000' } as const;
type Name = keyof typeof cash;
const names: readonly Name[] = ['first', 'second', 'third'];
const streamOf = (name: Name, date = '2026-03-03') => streamName('session', `${name}-${date}`);
const symbols = ['NVDA', 'MSFT', 'AAPL'] as Ticker[];

const threeAccounts = async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const floor = testDesk(store);
  await floor.open(floor.limits);
  const desks = new Map(names.map((name) => [name, floor.deskOf(name, cash[name])]));
  const desk = (name: Name): Desk => {
    const found = desks.get(name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  return { ...floor, store, desk };
};
type Three = Awaited<ReturnType<typeof threeAccounts>>;

const buyOf = (desk: Desk, symbol: Ticker, shares: number) =>
  desk.handlers.PlaceOrder(
    {
      symbol,
      side: 'buy',
      qty: quantity.fromShares(shares),
      order_type: 'market',
      time_in_force: 'day',
    },
    testContext,
  );

/** One thing that somebody does with one account. */
type Deed = {
  readonly who: Name;
  readonly what: 'buy' | 'sell' | 'look' | 'halt' | 'guard';
  readonly symbol: number;
  readonly shares: number;
};

const deeds: fc.Arbitrary<Deed> = fc.record({
  who: fc.constantFrom(...names),
  what: fc.constantFrom('buy', 'buy', 'sell', 'look', 'look', 'halt', 'guard'),
  symbol: fc.nat(symbols.length - 1),
  shares: fc.integer({ min: 1, max: 45 }),
});

const perform = async (three: Three, { who, what, symbol, shares }: Deed): Promise<void> => {
  const desk = three.desk(who);
  const ticker = symbols[symbol] as Ticker;
  three.still.wait({ seconds: 2 });
  if (what === 'look') await desk.routing.step(streamOf(who));
  else if (what === 'guard') await desk.guard.watch(guardStep(streamOf(who)));
  else if (what === 'halt') {
    const halt = { scope: 'symbol', target: ticker, reason: 'one account only' } as const;
    await desk.handlers.EngageHalt(halt, testContext);
  } else if (what === 'buy') await buyOf(desk, ticker, shares);
  else {
    const order = { symbol: ticker, side: what, qty: quantity.fromShares(shares) } as const;
    const plain = { order_type: 'market', time_in_force: 'day' } as const;
    await desk.handlers.PlaceOrder({ ...order, ...plain }, testContext);
  }
};

/** An account's own events without what chance and the common clock give them: ids and digests of ids. */
const ownEvents = async (three: Three, name: Name): Promise<readonly string[]> => {
  const recorded = await three.store.readStream(streamOf(name));
  return recorded.map(({ type, data }) =>
    JSON.stringify([type, data]).replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}/g, '#'),
  );
};

describe('three accounts on one log', () => {
  test('each open with their own cash, trade for themselves, and close their own books', async () => {
    const three = await threeAccounts();
    for (const name of names) await buyOf(three.desk(name), 'NVDA' as Ticker, 10);
    three.still.wait({ seconds: 1 });
    await three.desk('second').routing.step(streamOf('second'));
    const stateOf = async (stream: StreamName) => {
      const { state } = await three.store
        .readStream(stream)
        .then(() => three.sessions.load(stream));
      if (state.phase === 'unopened') throw new Error(stream);
      return state;
    };
    for (const name of names) {
      const state = await stateOf(streamOf(name));
      expect([name, state.account, money.format(state.dayStartEquity)]).toEqual([
        name,
        name,
        cash[name],
      ]);
      expect(state.positions.size).toBe(name === 'second' ? 1 : 0);
      expect(state.cash === money.of(cash[name])).toBe(name !== 'second');
    }
    three.still.wait({ hours: 13 });
    for (const name of names) await three.desk(name).sessions.current(testContext.metadata);
    const control = await three.control.load();
    for (const name of names) {
      const { openSessions, lastClosed } = accountOf(control, name);
      expect(openSessions.map(({ stream }) => stream)).toEqual([streamOf(name, '2026-03-04')]);
      expect(lastClosed?.stream).toBe(streamOf(name));
      const after = await stateOf(streamOf(name, '2026-03-04'));
      expect(after.cash).toBe((await stateOf(streamOf(name))).cash);
    }
  });

  test('share global halts and nothing else', async () => {
    const three = await threeAccounts();
    const [own, all] = [{ scope: 'account' }, { scope: 'global' }] as const;
    const reason = 'a halt in a test';
    for (const name of names) await buyOf(three.desk(name), 'MSFT' as Ticker, 1);
    await three.desk('first').handlers.EngageHalt({ ...own, reason }, testContext);
    const codes = async (shares: number) => {
      const outcomes = names.map((name) => buyOf(three.desk(name), 'NVDA' as Ticker, shares));
      return (await Promise.all(outcomes)).map((each) => (each.ok ? 'ok' : each.refusal.code));
    };
    expect(await codes(2)).toEqual(['KILL_STATE', 'ok', 'ok']);
    await three.desk('second').handlers.EngageHalt({ ...all, reason }, testContext);
    expect(await codes(3)).toEqual(['KILL_STATE', 'KILL_STATE', 'KILL_STATE']);
  });

  test('keep limits of their own, where somebody gives one of them some', async () => {
    const three = await threeAccounts();
    for (const name of names) await buyOf(three.desk(name), 'MSFT' as Ticker, 1);
    const limits = { ...three.limits, maxPositionBps: 1 };
    const command = { type: 'AdoptLimits', account: 'third', limits, at: tuesdayNoon } as const;
    await three.halting.change(command, testContext.metadata);
    const outcomes = names.map((name) => buyOf(three.desk(name), 'NVDA' as Ticker, 3));
    expect((await Promise.all(outcomes)).map((each) => each.ok)).toEqual([true, true, false]);
  });

  test('change nothing of one another’s books, whatever each of them does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { maxLength: 25 }), async (all) => {
        const together = await threeAccounts();
        for (const deed of all) await perform(together, deed);
        for (const name of names) {
          const alone = await threeAccounts();
          for (const deed of all) {
            if (deed.who === name) await perform(alone, deed);
            else alone.still.wait({ seconds: 2 });
          }
          expect(await ownEvents(together, name)).toEqual(await ownEvents(alone, name));
        }
      }),
      { numRuns: propertyRuns(15) },
    );
  }, 120_000);
});

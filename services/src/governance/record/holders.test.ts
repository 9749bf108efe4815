import { type EventStore, price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { guardStep, testContext, tuesdayNoon } from '../../execution/test-kit/test-desk.ts';
import { governedDesk, type symbol } from '../test-governed-desk.ts';
import { holders, mayEndTrade } from './holders.ts';

const msft = 'MSFT' as typeof symbol;

/** A governed desk whose log tells which streams of sessions are read from their first event. */
const opened = async () => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  const desk = governedDesk(eventStore);
  await desk.open();
  const begun: StreamName[] = [];
  const watched: EventStore = {
    ...eventStore,
    readStream: (stream, options) => {
      if (options?.from === 0n) begun.push(stream);
      return eventStore.readStream(stream, options);
    },
  };
  const holdersIn = holders(watched);
  const night = () => desk.still.wait({ hours: 24 });
  const buy = (strategy_id: string | undefined, of?: typeof symbol) =>
    desk.filled({ strategy_id, ...(of && { symbol: of }) });
  const sell = (strategy_id: string | undefined, of?: typeof symbol, shares = 10) =>
    desk.filled({
      ...({ strategy_id, side: 'sell', qty: quantity.fromShares(shares) } as const),
      ...(of && { symbol: of }),
    });
  return { desk, begun, holdersIn, night, buy, sell };
};

test('whoever an order named may have held what is closed that day, under whatever name', async () => {
  const { desk, begun, holdersIn, buy, sell } = await opened();
  await buy('momentum_v1');
  await buy('orb_v1', msft);
  expect([...(await holdersIn(desk.session()))]).toEqual([]);
  await sell(undefined);
  expect([...(await holdersIn(desk.session()))]).toEqual(['momentum_v1']);
  desk.still.wait({ minutes: 1 });
  await buy('atr_swing_v1');
  await sell(undefined);
  await sell(undefined, msft);
  const all = ['atr_swing_v1', 'momentum_v1', 'orb_v1'];
  expect([...(await holdersIn(desk.session()))].sort()).toEqual(all);
  expect(begun).toEqual([desk.session()]);
});

test('a trade may end while others hold on, and where the account turns around', async () => {
  const { desk, holdersIn, buy, sell } = await opened();
  await buy('momentum_v1');
  desk.still.wait({ minutes: 1 });
  await buy('orb_v1');
  expect([...(await holdersIn(desk.session()))]).toEqual([]);
  await sell('orb_v1');
  const both = ['momentum_v1', 'orb_v1'];
  expect([...(await holdersIn(desk.session()))]).toEqual(both);
});

test('what took from a holding is told from what added to it, on both sides', async () => {
  const { desk, buy } = await opened();
  await buy('momentum_v1');
  const all = await desk.eventStore.readAll({ maxCount: 5_000 });
  const bought = all.find(({ type }) => type === 'OrderFilled');
  if (bought === undefined) throw new Error('nothing was filled');
  const filled = bought.data as { readonly position: object };
  const leaving = (side: string, held: string | null) => {
    const position = held === null ? null : { ...filled.position, quantity: held };
    return mayEndTrade({ ...bought, data: { ...filled, side, lastQuantity: '10', position } });
  };
  // What the account holds after ten shares were bought or sold.
  expect(leaving('buy', '10')).toBe(false);
  expect(leaving('buy', '30')).toBe(false);
  expect(leaving('buy', null)).toBe(true);
  expect(leaving('buy', '-5')).toBe(true);
  expect(leaving('buy', '4')).toBe(true);
  expect(leaving('sell', '-10')).toBe(false);
  expect(leaving('sell', '-30')).toBe(false);
  expect(leaving('sell', null)).toBe(true);
  expect(leaving('sell', '5')).toBe(true);
  expect(leaving('sell', '-4')).toBe(true);
  expect(mayEndTrade({ ...bought, data: { odd: true } })).toBe(true);
  expect(mayEndTrade({ ...bought, type: 'OrderAccepted' })).toBe(false);
});

test('what was held over nights is looked for as far back as it was held, and no further', async () => {
  const { desk, begun, holdersIn, night, buy, sell } = await opened();
  await buy('orb_v1');
  await sell('orb_v1');
  night();
  const second = desk.session();
  await buy('momentum_v1');
  night();
  await buy('orb_v1', msft);
  night();
  await sell(undefined);
  begun.length = 0;
  expect([...(await holdersIn(desk.session()))]).toEqual(['momentum_v1']);
  expect(begun).toHaveLength(3);
  expect(begun).toContain(second);
});

test('a session that is closed is read once', async () => {
  const { desk, begun, holdersIn, night, buy, sell } = await opened();
  const first = desk.session();
  await buy('momentum_v1');
  night();
  await sell(undefined, undefined, 4);
  await holdersIn(desk.session());
  await sell(undefined, undefined, 6);
  expect([...(await holdersIn(desk.session()))]).toEqual(['momentum_v1']);
  await holdersIn(desk.session());
  expect(begun.filter((stream) => stream === first)).toHaveLength(1);
});

test('an order that works on from the day before names its strategy', async () => {
  const { desk, holdersIn, night, sell } = await opened();
  const placed = await desk.order({
    ...({ strategy_id: 'momentum_v1', order_type: 'limit', time_in_force: 'gtc' } as const),
    limit_price: price.of('98'),
  });
  expect(placed.ok).toBe(true);
  night();
  desk.moveTo(97);
  await desk.filled({ symbol: msft });
  await sell(undefined);
  expect([...(await holdersIn(desk.session()))]).toEqual(['momentum_v1']);
});

test('drift is not looked for in what an account has long gone on from', async () => {
  const { desk, night, buy, sell } = await opened();
  const look = async (session: StreamName) => {
    const seen: string[] = [];
    const { eventStore } = desk;
    const other = governedDesk(
      {
        ...eventStore,
        readStream: (stream, options) => {
          if (stream === session) seen.push(stream);
          return eventStore.readStream(stream, options);
        },
      },
      { still: desk.still, ids: '018c' },
    );
    const on = { metadata: () => testContext.metadata, drift: () => undefined };
    const drift = other.governance.residents(on).find(({ name }) => name === 'drift');
    const { idFor } = guardStep(session);
    const { signal } = testContext;
    await drift?.step({ key: session, cause: undefined, idFor, signal, fence: () => undefined });
    return seen.length;
  };
  const first = desk.session();
  await buy('momentum_v1');
  await sell('momentum_v1');
  for (let n = 0; n < 9; n++) {
    night();
    await desk.filled({ qty: quantity.fromShares(1) });
  }
  expect(await look(first)).toBeGreaterThan(0);
  night();
  await desk.filled({ qty: quantity.fromShares(1) });
  expect(await look(first)).toBe(0);
  expect(await look(desk.session())).toBeGreaterThan(0);
});

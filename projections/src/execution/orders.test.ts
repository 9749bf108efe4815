import type { AnyEvent } from '@sentinel/contracts';
import {
  EventStoreCorrupt,
  type LogPosition,
  money,
  type OrderId,
  type Price,
  price,
  type RequestContext,
  type StreamVersion,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../kernel/index.ts';
import {
  denied,
  type EventOfType,
  happened,
  intentOf,
  minutesLater,
  noon,
  submitted,
  ticker,
} from '../samples/events.ts';
import { foldTo, houseOn } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { encoded, logOf, sessionStream } from '../samples/log.ts';
import { executionQueryHandlers, orders } from './index.ts';
import type { OrderRow } from './order-row.ts';

type OrderEvent = EventOfType<(typeof orders.types)[number]>;
const asFact = (event: AnyEvent): Fact<OrderEvent['type']> => ({
  event: event as OrderEvent,
  recorded: {
    ...encoded(event, 0),
    ...{
      stream: sessionStream,
      version: 0n as StreamVersion,
      logPosition: 0n as LogPosition,
      recordedAt: noon,
    },
  },
});

/** Rows after these events, by the numbers of their orders. */
const rowsAfter = (...events: readonly AnyEvent[]): ReadonlyMap<string, OrderRow> => {
  const rows = new Map<string, OrderRow>();
  for (const fact of events.map(asFact))
    for (const key of orders.keys(fact)) {
      const row = orders.evolve(rows.get(key), fact, key);
      if (row !== undefined) rows.set(key, row);
    }
  return rows;
};

const trailing: Partial<OrderIntent> = {
  ...{ side: 'sell', orderType: 'trailing_stop', trail: { amount: price.of('5'), bps: null } },
};
const begun = (n: number) => [
  submitted(n, intentOf('NVDA', 10, trailing)),
  happened('OrderAccepted', n),
];
const id = (n: number) => sampleId(n) as OrderId;

describe('where the stop of an order stands', () => {
  const actionOf = (stops: EventOfType<'CorporateActionApplied'>['data']['stops']): AnyEvent => ({
    type: 'CorporateActionApplied',
    data: {
      action: {
        ...{ symbol: ticker('NVDA'), exDate: '2026-03-03' as TradingDate, dividend: null },
        split: { newShares: 2, oldShares: 1 },
      },
      ...{ cash: money.zero, position: null, mark: null, stops, at: noon },
    },
  });
  const stopsOf = (rows: ReadonlyMap<string, OrderRow>): readonly (Price | null | undefined)[] =>
    [1, 2].map((n) => rows.get(id(n))?.stopAt);

  test('is told once it was reached, though nobody said that it had moved', () => {
    const data = { orderId: id(1), symbol: ticker('NVDA'), at: noon, bar: null };
    const reached: AnyEvent = {
      type: 'OrderTriggered',
      data: { ...data, stopAt: price.of('95') },
    };
    expect(stopsOf(rowsAfter(...begun(1), reached))).toEqual([price.of('95'), undefined]);
  });

  test('follows an action, each order to its own', () => {
    const stops = [1, 2].map((n) => ({ orderId: id(n), stopAt: price.of(`4${n}`) }));
    const rows = rowsAfter(...begun(1), ...begun(2), actionOf(stops));
    expect(stopsOf(rows)).toEqual([price.of('41'), price.of('42')]);
  });

  test.each([
    ['of an older log that names none', null],
    ['that names another', [{ orderId: id(2), stopAt: price.of('42') }]],
  ])('is left by an action %s', (_, stops) => {
    const before = rowsAfter(...begun(1));
    const action = asFact(actionOf(stops));
    expect(orders.keys(action)).toEqual((stops ?? []).map(({ orderId }) => orderId));
    expect(orders.evolve(before.get(id(1)), action, id(1))).toEqual(before.get(id(1)));
  });
});

describe('a log that cannot have been written is not shown', () => {
  test('what its state does not allow', () => {
    const reading = () => rowsAfter(denied(1, intentOf('NVDA', 10)), happened('OrderAccepted', 1));
    expect(reading).toThrow(EventStoreCorrupt);
    expect(reading).toThrow('OrderAccepted of an order that is denied');
  });

  test('what happened to an order that nobody submitted', () => {
    expect(() => rowsAfter(happened('OrderAccepted', 1))).toThrow('that was never submitted');
  });
});

test('orders are listed from a moment on, up to one, or between two', async () => {
  const placed = [0, 1, 2, 3].map((n) => ({
    ...{ stream: sessionStream, event: submitted(n, intentOf('NVDA', 1), minutesLater(n)) },
  }));
  const house = houseOn(await logOf(placed));
  await foldTo(house, BigInt(placed.length) as LogPosition);
  const ask = executionQueryHandlers({ readStore: house.readStore, source: 'mock' });
  const context = {} as RequestContext;
  const list = async (filter: object) => {
    const listed = await ask.ListOrders({ limit: 20, ...filter }, context);
    return listed.ok ? listed.value.orders.map(({ order_id }) => order_id) : listed;
  };
  const newest = [3, 2, 1, 0].map(id);
  expect(await list({})).toEqual(newest);
  expect(await list({ start: minutesLater(1) })).toEqual(newest.slice(0, 3));
  expect(await list({ end: minutesLater(1) })).toEqual(newest.slice(3));
  expect(await list({ start: minutesLater(1), end: minutesLater(3) })).toEqual(newest.slice(1, 3));
});

import {
  type EventId,
  type LogPosition,
  type StreamName,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { allProjections } from '../catalog.ts';
import { orders } from '../execution/index.ts';
import { happened } from '../samples/events.ts';
import { foldTo, houseOn, projectorOf } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { append, encoded, logOf, sessionStream, storyOf } from '../samples/log.ts';
import { RebuildFailed } from './advance.ts';
import type { AnyProjection } from './projection.ts';
import { rebuildViews } from './rebuild.ts';

const story = storyOf([3, 5, 6, 0, 13]);
const end = BigInt(story.length) as LogPosition;

/** The order view as it would be if its fold choked on one type of event. */
const choking = (type: string, on: 'keys' | 'evolve' | 'encode'): AnyProjection => ({
  ...orders,
  keys: (fact) => {
    if (on === 'keys' && fact.event.type === type) throw new Error('choked');
    return (orders as AnyProjection).keys(fact);
  },
  evolve: (row, fact, key) => {
    if (on === 'evolve' && fact.event.type === type) throw new Error('choked');
    const next = (orders as AnyProjection).evolve(row, fact, key);
    return on === 'encode' && fact.event.type === type ? { wrong: 'row' } : next;
  },
});

const withOrders = (of: AnyProjection) =>
  allProjections.map((projection) => (projection.view === 'orders' ? of : projection));

describe('parking', () => {
  test.each(['keys', 'evolve', 'encode'] as const)(
    'an event that fails in %s parks its view just before it, and the others go on',
    async (on) => {
      const log = await logOf([]);
      const house = houseOn(log);
      const alarms: string[] = [];
      const bad = withOrders(choking('OrderAccepted', on));
      const one = projectorOf(house, { projections: bad, alarms });
      await foldTo(house, 0n as LogPosition, one);
      await append(log, story, 0);
      await foldTo(house, end, one);
      const accepted = story.findIndex(({ event }) => event.type === 'OrderAccepted');
      const parked = one.status().find(({ view }) => view === 'orders');
      expect(parked).toMatchObject({ state: 'parked', logPosition: BigInt(accepted) });
      expect(parked?.problem).toContain('OrderAccepted');
      expect(alarms).toHaveLength(1);
      expect(house.readStore.logPosition()).toBe(end);
      await expect(house.readStore.get('orders', sampleId(1))).rejects.toThrow(ViewParked);
      expect((await house.readStore.get('accounts', 'paper')).logPosition).toBe(end);

      // Another start with the same fault parks it again at the same place, and alarms again.
      await foldTo(house, end, projectorOf(house, { projections: bad, alarms }));
      expect(alarms).toHaveLength(2);

      // A program that can fold it goes on from there.
      await foldTo(house, end, projectorOf(house));
      const { value, logPosition } = await house.readStore.get('orders', sampleId(1));
      expect(logPosition).toBe(end);
      expect(value).toMatchObject({ orderId: sampleId(1) });
    },
  );

  test('an event that nobody knows parks every view', async () => {
    const log = await logOf(story);
    const house = houseOn(log);
    const stranger = { ...encoded(happened('OrderAccepted', 1), 900), type: 'OrderTeleported' };
    await foldTo(house, end);
    await log.appendToStream(sessionStream, [stranger], 'any');
    await append(log, storyOf([0]).slice(1), 901);
    const one = projectorOf(house);
    await foldTo(house, end, one);
    expect(one.status().map(({ state, logPosition }) => ({ state, logPosition }))).toEqual(
      allProjections.map(() => ({ state: 'parked', logPosition: end })),
    );
  });

  test('a payload that does not parse parks only the views that are folded from its type', async () => {
    const log = await logOf(story);
    const house = houseOn(log);
    const broken = {
      ...encoded(happened('OrderAccepted', 1), 900),
      id: sampleId(0x900_000) as EventId,
      type: 'SymbolAdded',
      schemaVersion: 1,
      data: { symbol: 'not a ticker' },
    };
    await log.appendToStream('watchlist-main' as StreamName, [broken], 'any');
    const one = projectorOf(house);
    await foldTo(house, (end + 1n) as LogPosition, one);
    const parked = one.status().filter(({ state }) => state === 'parked');
    expect(parked.map(({ view }) => view)).toEqual(['watchlist', 'recent_events']);
  });

  test('a rebuild of what cannot be folded fails, and what served goes on serving', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const before = await house.readStore.get('orders', sampleId(1));
    const options = { ...house, signal: AbortSignal.timeout(5_000) };
    const rebuilding = rebuildViews({
      ...options,
      projections: [choking('OrderAccepted', 'evolve')],
    });
    await expect(rebuilding).rejects.toThrow(RebuildFailed);
    expect(await house.readStore.get('orders', sampleId(1))).toEqual(before);
  });

  test('a parked view that is rebuilt while the projector runs answers again', async () => {
    const log = await logOf([]);
    const house = houseOn(log);
    const bad = projectorOf(house, { projections: withOrders(choking('OrderAccepted', 'evolve')) });
    const stop = new AbortController();
    const running = bad.run(stop.signal);
    await append(log, story, 0);
    await expect.poll(() => bad.status().some(({ state }) => state === 'parked')).toBe(true);
    await rebuildViews({ ...house, projections: [orders], signal: stop.signal });
    expect((await house.readStore.get('orders', sampleId(1))).logPosition).toBe(end);
    await append(log, storyOf([0]).slice(1), story.length);
    await expect
      .poll(() => bad.status().every(({ logPosition }) => logPosition === end + 1n))
      .toBe(true);
    stop.abort();
    await running;
  });
});

import { type EventId, EventStoreUnavailable, type NewEvent } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { strategies } from '../strategy/index.ts';
import { strategyBook } from './book.ts';
import { strategyStream } from './lifecycle/state.ts';
import { registerStrategies } from './registration.ts';
import { strategyFinder } from './standing.ts';

const at = Temporal.Instant.from('2026-11-22T07:12:13Z');
const newId = monotonicIds();
const metadata = {
  principal: 'system:start-up',
  client: 'vitest',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};

const opened = () => {
  const eventStore = memoryEventStore({ now: () => at });
  const book = strategyBook({ eventStore, newId, digest: sha256 });
  const register = () => registerStrategies({ book, eventStore, at, metadata });
  return { eventStore, book, register, find: strategyFinder(eventStore, sha256) };
};

describe('the strategies that the house brings', () => {
  test('stand on paper by one event each, with who and why, also when two start at once', async () => {
    const { eventStore, register, find } = opened();
    expect(await find('momentum_v1')).toBeUndefined();
    await Promise.all([register(), register()]);
    await register();
    const recorded = await eventStore.readAll();
    expect(recorded.map(({ type }) => type)).toEqual(
      Object.keys(strategies).map(() => 'StrategyRegistered'),
    );
    expect(recorded[0]?.data).toMatchObject({
      ...{ strategyId: 'momentum_v1', type: 'momentum_v1', policyVersion: 'momentum-1' },
      ...{ state: 'paper', by: 'system:start-up', reason: expect.stringContaining('paper') },
    });
    expect(await find('momentum_v1')).toEqual({ state: 'paper', eventId: recorded[0]?.id });
  });

  test('go on from a log that registered them before registrations said why', async () => {
    const { eventStore, register, find } = opened();
    const old = {
      ...{ id: newId() as EventId, type: 'StrategyRegistered', schemaVersion: 1, metadata },
      data: {
        ...{ strategyId: 'momentum_v1', name: 'Momentum', description: 'x', timeframe: '1Day' },
        ...{ parameters: { breakoutBars: 20 }, state: 'paper', at: '2026-03-03T17:00:00Z' },
      },
    };
    await eventStore.appendToStream(strategyStream('momentum_v1'), [old], 'no-stream');
    await register();
    expect(await eventStore.readStream(strategyStream('momentum_v1'))).toHaveLength(1);
    expect(await find('momentum_v1')).toEqual({ state: 'paper', eventId: old.id });
  });
});

describe('where a strategy stands', () => {
  const stranger = (over: Partial<NewEvent>): NewEvent => ({
    ...{ id: newId() as EventId, type: 'StrategyPromoted', schemaVersion: 1, data: {}, metadata },
    ...over,
  });

  test.each([
    ['an event of a newer Sentinel', { schemaVersion: 99 }],
    ['a type that nobody knows', { type: 'StrategyBlessed' }],
    ['a payload that is none', { data: { strategyId: 7 } }],
  ])('is not known after %s, and asking throws nothing', async (_, over) => {
    const { eventStore, register, find } = opened();
    await register();
    expect(await find('momentum_v1')).toBeDefined();
    await eventStore.appendToStream(strategyStream('momentum_v1'), [stranger(over)], 'any');
    expect(await find('momentum_v1')).toBeUndefined();
    expect(await find('orb_v1')).toBeDefined();
    await register();
  });

  test('is nowhere for a name that is none, and for a stream that begins with something else', async () => {
    const { eventStore, find } = opened();
    const suspended = {
      ...{ strategyId: 'ghost', from: 'paper', haltId: newId(), reason: 'x', by: 'y' },
      ...{ at: '2026-03-03T17:00:00Z', drift: null },
    };
    const event = stranger({ type: 'StrategySuspended', data: suspended });
    await eventStore.appendToStream(strategyStream('ghost'), [event], 'no-stream');
    expect(await find('ghost')).toBeUndefined();
    expect(await find('no such; name')).toBeUndefined();
  });

  test('is an outage while the log cannot be read: nobody takes that for a state', async () => {
    const down = {
      readStream: async () => {
        throw new EventStoreUnavailable('gone');
      },
    };
    await expect(strategyFinder(down, sha256)('momentum_v1')).rejects.toThrow('gone');
  });
});

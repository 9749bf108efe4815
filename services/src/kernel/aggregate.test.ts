import {
  accepted,
  type EventMetadata,
  type EventStore,
  EventStoreUnavailable,
  event,
  refused,
  type StreamVersion,
  streamName,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, systemClock } from '@sentinel/infra/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aggregate } from './aggregate.ts';

const definitions = {
  Added: event(1, z.strictObject({ amount: z.int(), note: z.string() })),
} as const;
type Added = { readonly type: 'Added'; readonly data: { amount: number; note: string } };

type Add = {
  readonly amount: number;
  readonly limit?: number;
  readonly note?: string;
  readonly bug?: boolean;
  readonly urgent?: boolean;
};

const stream = streamName('sum', 'one');
const metadata: EventMetadata = {
  principal: 'test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};

/** A running sum that may not go over a limit. */
const sums = (eventStore: EventStore, ids = monotonicIds()) => {
  const of = aggregate({
    eventStore,
    newId: ids,
    definitions,
    decider: {
      initialState: 0,
      decide: ({ amount, limit = 1_000_000, note = '', bug = false }: Add, sum: number) => {
        if (bug) throw new Error('a bug');
        return sum + amount > limit
          ? refused('TOO_MUCH', `${sum} and ${amount}`, 'Add less.')
          : accepted([{ type: 'Added' as const, data: { amount, note } }]);
      },
      evolve: (sum: number, { data }: Added) => sum + data.amount,
    },
    isUrgent: ({ urgent = false }) => urgent,
  });
  const add = (amount: number, rest: Omit<Add, 'amount'> = {}) =>
    of.execute(stream, { amount, ...rest }, metadata);
  return { ...of, add };
};

/** A store that tells how many events each append held. */
const counting = (store: EventStore, appends: number[]): EventStore => ({
  ...store,
  appendToStream: async (...call) => {
    const result = await store.appendToStream(...call);
    appends.push(call[1].length);
    return result;
  },
});

const memory = () => memoryEventStore({ now: systemClock });
const amountsIn = async (store: EventStore) =>
  (await store.readStream(stream)).map(({ data }) => (data as { amount: number }).amount);

describe('commands that come together', () => {
  test('share appends, in the order of the calls, and each has its own answer', async () => {
    const appends: number[] = [];
    const { add } = sums(counting(memory(), appends));
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map((amount) => add(amount)));
    expect(outcomes.map((each) => each.ok && each.value.state)).toEqual([1, 3, 6, 10, 15]);
    expect(outcomes.map((each) => each.ok && each.value.version)).toEqual([0n, 1n, 2n, 3n, 4n]);
    expect(outcomes.map((each) => each.ok && each.value.events.length)).toEqual([1, 1, 1, 1, 1]);
    expect(appends.length).toBeLessThan(5);
  });

  test('never pass a limit together that they would not pass one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 80 }),
        fc.integer({ min: 0, max: 150 }),
        fc.boolean(),
        async (amounts, limit, twoWriters) => {
          const store = memory();
          const writers = [sums(store), sums(store)] as const;
          const outcomes = await Promise.all(
            amounts.map((amount, n) =>
              writers[twoWriters && n % 2 === 1 ? 1 : 0].add(amount, { limit }),
            ),
          );
          const taken = await amountsIn(store);
          const sum = taken.reduce((a, b) => a + b, 0);
          expect(sum).toBeLessThanOrEqual(limit);
          expect(outcomes.filter(({ ok }) => ok)).toHaveLength(taken.length);
          if (!twoWriters) {
            const alone: number[] = [];
            for (const amount of amounts)
              if (alone.reduce((a, b) => a + b, 0) + amount <= limit) alone.push(amount);
            expect(taken).toEqual(alone);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are refused on what others have appended too, not on what this process last saw', async () => {
    const store = memory();
    const [one, other] = [sums(store), sums(store)];
    await one.add(5);
    await other.add(-5);
    // One last saw 5, and would refuse by it what 0 lets pass.
    expect(await one.add(8, { limit: 10 })).toMatchObject({ ok: true, value: { state: 8 } });
    await other.add(0);
    await one.add(-8);
    expect(await other.add(9, { limit: 10 })).toMatchObject({ ok: true, value: { state: 9 } });
  });

  test('are all told when their append fails, and none of them stands', async () => {
    const store = memory();
    let broken = true;
    const { add } = sums({
      ...store,
      appendToStream: async (...call) => {
        if (broken) throw new EventStoreUnavailable('gone');
        return store.appendToStream(...call);
      },
    });
    const answers = await Promise.allSettled([add(1), add(2), add(3, { limit: 2 })]);
    // The last would be refused only because of the others: nobody knows whether they stand.
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    broken = false;
    expect(await add(4)).toMatchObject({ ok: true, value: { state: 4 } });
    expect(await amountsIn(store)).toEqual([4]);
  });

  test('do not suffer from one that throws, or whose event is not of its type', async () => {
    const store = memory();
    const { add } = sums(store);
    const answers = await Promise.allSettled([add(1), add(1, { bug: true }), add(0.5), add(2)]);
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await amountsIn(store)).toEqual([1, 2]);
  });

  test('go apart when they are too much for one append', async () => {
    const store = memory();
    const { add } = sums(store);
    const note = 'x'.repeat(300 * 1024);
    const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map((amount) => add(amount, { note })));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(await amountsIn(store)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('let what is urgent go before all that waits, into the very next append', async () => {
    const appends: number[] = [];
    const { add } = sums(counting(memory(), appends));
    const order: number[] = [];
    const seen = (amount: number, rest = {}) =>
      add(amount, rest).then((outcome) => order.push(outcome.ok ? amount : 0));
    await Promise.all([
      ...Array.from({ length: 100 }, (_, n) => seen(n + 1)),
      seen(1_000, { urgent: true }),
      seen(2_000, { urgent: true }),
    ]);
    // The first was on its way when the urgent ones came; of the other hundred none was.
    expect(order.slice(0, 3)).toEqual([1, 1_000, 2_000]);
    expect(order).toHaveLength(102);
  });

  test('are not held up by a pause when something urgent comes, and give up in time', async () => {
    const store = memory();
    let beaten = 0;
    const { add } = sums({
      ...store,
      appendToStream: async (...call) => {
        beaten += 1;
        throw new WrongExpectedVersion(call[0], call[2], 7n as StreamVersion);
      },
    });
    const usual = add(1);
    const urgent = add(2, { urgent: true });
    const answers = await Promise.allSettled([usual, urgent]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(usual).rejects.toThrow('another writer was faster');
    expect(beaten).toBeLessThan(100);
  });

  test('find one that is too large by itself alone to blame', async () => {
    const store = memory();
    const { add } = sums(store);
    const note = 'x'.repeat(1100 * 1024);
    const answers = await Promise.allSettled([add(1), add(2), add(3, { note }), add(4)]);
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await amountsIn(store)).toEqual([1, 2, 4]);
  });
});

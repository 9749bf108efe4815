import {
  accepted,
  type EventId,
  type EventMetadata,
  type EventStore,
  EventStoreUnavailable,
  event,
  type Position,
  type StreamName,
  streamName,
  type WorkflowStore,
  WorkflowStoreUnavailable,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, sha256, systemClock } from '@sentinel/infra/runtime';
import { memoryWorkflowStore } from '@sentinel/infra/workflow-store';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aggregate } from '../aggregate.ts';
import { runWorkflows } from './run-workflows.ts';
import { mortal, until } from './test-kit.ts';
import type { Workflow } from './workflow.ts';

const answers = { Answered: event(1, z.strictObject({ ids: z.array(z.string()) })) } as const;
type Answered = { readonly type: 'Answered'; readonly data: { readonly ids: string[] } };
const metadata: EventMetadata = {
  principal: 'system:test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};
const asked = (key: string) => streamName('asked', key);
const answered = (key: string) => streamName('answered', key);
const ttlMs = 60;

/** Answers in one stream whatever was asked in another, each once and in its order. */
const answering = (eventStore: EventStore): Workflow => {
  const into = aggregate({
    eventStore,
    newId: monotonicIds(),
    definitions: answers,
    decider: {
      initialState: [] as readonly string[],
      decide: (ids: readonly string[], known: readonly string[]) => {
        const fresh = ids.filter((id) => !known.includes(id));
        return accepted(
          fresh.length === 0 ? [] : [{ type: 'Answered' as const, data: { ids: fresh } }],
        );
      },
      evolve: (known: readonly string[], { data }: Answered) => [...known, ...data.ids],
    },
  });
  return {
    name: 'answering',
    concerns: ({ stream }) =>
      stream.startsWith('asked-') ? stream.slice('asked-'.length) : undefined,
    step: async ({ key }) => {
      const ids = (await eventStore.readStream(asked(key))).map(
        ({ data }) => (data as { id: string }).id,
      );
      await into.execute(answered(key), ids, metadata);
      return undefined;
    },
  };
};

const ask = async (store: EventStore, key: string, id: string): Promise<void> => {
  const stream = asked(key);
  const events = [
    { id: monotonicIds()() as EventId, type: 'Asked', schemaVersion: 1, data: { id }, metadata },
  ];
  await store.appendToStream(stream, events, 'any');
};
const answersIn = async (store: EventStore, key: string): Promise<readonly string[]> =>
  (await store.readStream(answered(key))).flatMap(({ data }) => (data as { ids: string[] }).ids);

const start = (
  workflows: readonly Workflow[],
  stores: { readonly eventStore: EventStore; readonly workflowStore: WorkflowStore },
  owner = 'one',
) => {
  const problems: unknown[] = [];
  const running = runWorkflows({
    ...stores,
    workflows,
    owner,
    digest: sha256,
    monotonicMs: () => performance.now(),
    onProblem: (_, error) => problems.push(error),
    ttlMs,
  });
  return { ...running, problems };
};
const memory = () => ({
  eventStore: memoryEventStore({ now: systemClock }),
  workflowStore: memoryWorkflowStore({ nowMs: () => performance.now() }),
});

describe('a workflow', () => {
  test('does everything once and in order, wherever its process dies, 200 times over', async () => {
    for (let n = 0; n < 200; n++) {
      const stores = memory();
      const { eventStore, workflowStore } = stores;
      await ask(eventStore, 'a', '1');
      await ask(eventStore, 'b', '1');
      const death = mortal({ atCall: 1 + (Math.floor(n / 2) % 24), takesEffect: n % 2 === 0 });
      const dying = death.eventStore(eventStore);
      const first = start(
        [answering(dying)],
        { eventStore: dying, workflowStore: death.workflowStore(workflowStore) },
        'first',
      );
      const allAnswered = async () =>
        (await answersIn(eventStore, 'a')).length === 2 &&
        (await answersIn(eventStore, 'b')).length === 1;
      await ask(eventStore, 'a', '2');
      await until(async () => death.isDead() || (await allAnswered()));
      const second = start([answering(eventStore)], stores, 'second');
      await until(allAnswered);
      await ask(eventStore, 'b', '2');
      await until(async () => (await answersIn(eventStore, 'b')).length === 2);
      expect([n, await answersIn(eventStore, 'a')]).toEqual([n, ['1', '2']]);
      expect([n, await answersIn(eventStore, 'b')]).toEqual([n, ['1', '2']]);
      void first.stop();
      await second.stop();
    }
  }, 120_000);

  test('is at work in one process of two, and in the other soon after that one is gone', async () => {
    const stores = memory();
    const at: string[] = [];
    const noting = (owner: string): Workflow => ({
      name: 'noting',
      concerns: () => undefined,
      keys: async () => ['clock'],
      step: async () => {
        at.push(owner);
        return 1;
      },
    });
    const death = mortal({ atCall: 12, takesEffect: false });
    const mine = { ...stores, workflowStore: death.workflowStore(stores.workflowStore) };
    const first = start([noting('first')], mine, 'first');
    await until(() => at.length > 3);
    const second = start([noting('second')], stores, 'second');
    await until(() => at.includes('second'));
    expect(death.isDead()).toBe(true);
    const taken = at.indexOf('second');
    expect(at.slice(0, taken).every((owner) => owner === 'first')).toBe(true);
    await until(() => at.length > taken + 20);
    // The dead one could not renew, and stopped by its own clock before the other began.
    expect(at.slice(taken).every((owner) => owner === 'second')).toBe(true);
    expect(first.health()[0]?.holds).toBe(false);
    await second.stop();
    const third = start([noting('third')], stores, 'third');
    await until(() => at.includes('third'), ttlMs);
    await third.stop();
  });

  test('goes on from its checkpoint, not from the beginning', async () => {
    const stores = memory();
    for (let n = 0; n < 50; n++) await ask(stores.eventStore, `${n}`, '1');
    const stepped: string[] = [];
    const counting: Workflow = {
      ...answering(stores.eventStore),
      step: async (step) => {
        stepped.push(step.key);
        return answering(stores.eventStore).step(step);
      },
    };
    const first = start([counting], stores);
    await until(() => stepped.length === 50);
    await first.stop();
    await ask(stores.eventStore, 'new', '1');
    const second = start([counting], stores);
    await until(() => stepped.includes('new'));
    await second.stop();
    expect(stepped).toHaveLength(51);
  });

  test('tries a key that fails again, and lets no other wait for it', async () => {
    const stores = memory();
    let broken = true;
    const inner = answering(stores.eventStore);
    const failing: Workflow = {
      ...inner,
      step: async (step) => {
        if (broken && step.key === 'bad') throw new Error('not today');
        return inner.step(step);
      },
    };
    await ask(stores.eventStore, 'bad', '1');
    await ask(stores.eventStore, 'good', '1');
    const running = start([failing], stores);
    await until(async () => (await answersIn(stores.eventStore, 'good')).length === 1);
    await until(() => running.health()[0]?.problem === 'not today');
    // Long enough for some checkpoints: none of them may pass what is not done.
    await new Promise((resolve) => setTimeout(resolve, 3 * ttlMs));
    expect(await stores.workflowStore.checkpoint('answering')).toBe(0n as Position);
    broken = false;
    await until(async () => (await answersIn(stores.eventStore, 'bad')).length === 1);
    await until(() => running.health()[0]?.problem === undefined);
    expect(running.problems).toHaveLength(1);
    await until(async () => (await stores.workflowStore.checkpoint('answering')) > 0n);
    await running.stop();
  });

  test('joins what comes for one key while it is under way, and holds no more than its bound', async () => {
    const stores = memory();
    let steps = 0;
    const slow: Workflow = {
      name: 'slow',
      concerns: ({ stream }) => stream,
      step: async () => {
        steps += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        return undefined;
      },
    };
    for (let n = 0; n < 3_000; n++) await ask(stores.eventStore, `${n % 2_000}`, `${n}`);
    let most = 0;
    const running = start([slow], stores);
    await until(async () => {
      most = Math.max(most, running.health()[0]?.waiting ?? 0);
      return steps >= 500;
    });
    // A page of the log holds at most a thousand events more than the bound.
    expect(most).toBeLessThanOrEqual(2_000);
    await running.stop();
  });

  test('waits out a log and a lease that cannot be reached', async () => {
    const stores = memory();
    let down = true;
    const eventStore: EventStore = {
      ...stores.eventStore,
      subscribeToAll: async function* (after, signal) {
        if (down) throw new EventStoreUnavailable('the log is away');
        yield* stores.eventStore.subscribeToAll(after, signal);
      },
    };
    const workflowStore: WorkflowStore = {
      ...stores.workflowStore,
      acquire: async (...args) => {
        if (down) throw new WorkflowStoreUnavailable('the leases are away');
        return stores.workflowStore.acquire(...args);
      },
    };
    await ask(stores.eventStore, 'a', '1');
    const running = start([answering(stores.eventStore)], { eventStore, workflowStore });
    await until(() => running.problems.length > 0);
    down = false;
    await until(async () => (await answersIn(stores.eventStore, 'a')).length === 1);
    await running.stop();
  });

  test('gives the same id for the same cause, and another for another', async () => {
    const stores = memory();
    const ids: string[] = [];
    const naming: Workflow = {
      name: 'naming',
      concerns: ({ stream }) => stream as StreamName,
      step: async ({ idFor }) => {
        ids.push(idFor('effect'));
        if (ids.length === 1) throw new Error('once more');
        return undefined;
      },
    };
    await ask(stores.eventStore, 'a', '1');
    const running = start([naming], stores);
    await until(() => ids.length === 2);
    await ask(stores.eventStore, 'a', '2');
    await until(() => ids.length === 3);
    await running.stop();
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

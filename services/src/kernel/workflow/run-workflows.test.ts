import { EventStoreUnavailable, type LogPosition, streamName } from '@sentinel/contracts/kernel';
import { newId } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import type { WorkflowProblem } from './problems.ts';
import { faultyWorld } from './test-kit.ts';
import { cause, newCause } from './test-mirror.ts';
import { over, run, stop, testWorld, untilStepped } from './test-world.ts';
import type { WorkflowStep } from './workflow.ts';

const wordsOf = ({ workflow, key, error }: WorkflowProblem) =>
  `${workflow} ${key}: ${(error as Error).message}`;

describe('steps', () => {
  test('of one key go one after another, those of others side by side up to the bound', async () => {
    const world = testWorld();
    const running = new Set<string>();
    let most = 0;
    const workflow = over('slow', async ({ key, signal }) => {
      expect(running).not.toContain(key);
      running.add(key);
      most = Math.max(most, running.size);
      await world.timer.pause(100, signal);
      running.delete(key);
      return undefined;
    });
    const workflows = run(world, [workflow], { limits: { width: 3 } });
    for (let n = 0; n < 40; n++) {
      await cause(world.eventStore, `${n % 5}`, newId());
      await world.timer.advance(17);
    }
    await untilStepped(world, workflows);
    expect(most).toBe(3);
    await workflows.stop();
  });

  test('take together what came while their key was being stepped, and tell the newest', async () => {
    const world = testWorld();
    const causes: (string | undefined)[] = [];
    const workflow = over('slow', async ({ cause: by, signal }) => {
      causes.push(by?.id);
      await world.timer.pause(100, signal);
      return undefined;
    });
    const workflows = run(world, [workflow]);
    await world.timer.advance(10);
    const ids = Array.from({ length: 20 }, () => newId());
    for (const id of ids) {
      await cause(world.eventStore, 'a', id);
      await world.timer.advance(1);
    }
    await untilStepped(world, workflows);
    expect(causes).toEqual([ids[0], ids.at(-1)]);
    await workflows.stop();
  });

  test('are heard as they begin and end, with what they failed by, and those of the clock are not', async () => {
    const world = testWorld();
    const heard: string[] = [];
    const failures = [new Error('once')];
    const workflow = over('heard', async ({ cause: by }) => {
      const error = failures.pop();
      if (error !== undefined) throw error;
      return by === undefined ? undefined : { againMs: 10 };
    });
    const workflows = run(world, [workflow], {
      hearStep: ({ workflow: name, cause: by }) => {
        heard.push(`${name} ${by.id}`);
        return (error) => heard.push(error instanceof Error ? error.message : 'well');
      },
    });
    const id = newId();
    await cause(world.eventStore, 'a', id);
    await untilStepped(world, workflows);
    await world.timer.advance(100);
    expect(heard).toEqual([`heard ${id}`, 'once', `heard ${id}`, 'well']);
    await workflows.stop();
  });

  test('of a workflow that gathers take what comes in a moment together, and begin at once', async () => {
    const world = testWorld();
    const stepsMs: number[] = [];
    const causes: (string | undefined)[] = [];
    const step = async ({ cause: by }: WorkflowStep) => {
      stepsMs.push(world.timer.nowMs());
      causes.push(by?.id);
      return undefined;
    };
    const workflows = run(world, [over('gathering', step, { gatherMs: 20 })]);
    await world.timer.advance(100);
    const ids = Array.from({ length: 4 }, () => newId());
    for (const id of ids.slice(0, 3)) {
      await cause(world.eventStore, 'a', id);
      await world.timer.advance(5);
    }
    await world.timer.advance(200);
    await cause(world.eventStore, 'a', ids[3] as string);
    await world.timer.advance(50);
    expect(stepsMs).toEqual([100, 120, 315]);
    expect(causes).toEqual([ids[0], ids[2], ids[3]]);
    await untilStepped(world, workflows);
    await workflows.stop();
  });

  test('of a workflow that gathers are called by the clock when they have asked to be', async () => {
    const world = testWorld();
    const stepsMs: number[] = [];
    const step = async () => {
      stepsMs.push(world.timer.nowMs());
      return { againMs: 50 };
    };
    const workflows = run(world, [over('gathering', step, { gatherMs: 20 })]);
    await world.timer.advance(100);
    await cause(world.eventStore, 'a', newId());
    await world.timer.advance(160);
    expect(stepsMs).toEqual([100, 150, 200, 250]);
    await workflows.stop();
  });

  test('that are slow or fail hold up neither other keys nor other workflows', async () => {
    const world = testWorld();
    const stepped: string[] = [];
    const problems: string[] = [];
    let broken = true;
    const mixed = over('mixed', async ({ key, signal }) => {
      if (key === 'slow') await world.timer.pause(30_000, signal);
      if (key === 'bad' && broken) throw new Error('no such thing');
      stepped.push(`mixed ${key}`);
      return undefined;
    });
    const other = over('other', async ({ key }) => {
      stepped.push(`other ${key}`);
      return undefined;
    });
    const workflows = run(world, [mixed, other], {
      onProblem: (problem) => problems.push(wordsOf(problem)),
    });
    for (const key of ['slow', 'bad', 'good']) await cause(world.eventStore, key, newId());
    await world.timer.advance(20_000);
    expect(stepped.sort()).toEqual(['mixed good', 'other bad', 'other good', 'other slow']);
    // It was tried about ten times by then, and told of once.
    expect(problems).toEqual(['mixed bad: no such thing']);
    const [of, others] = workflows.health();
    expect(of).toMatchObject({ holds: true, logPosition: 0n, problem: 'bad: no such thing' });
    expect(of?.lag).toEqual({ keys: 2, ms: 20_000 });
    expect(others).toMatchObject({ logPosition: 3n, problem: undefined, lag: { keys: 0, ms: 0 } });
    broken = false;
    await untilStepped(world, workflows);
    expect(workflows.health()[0]).toMatchObject({ problem: undefined, lag: { keys: 0, ms: 0 } });
    await workflows.stop();
  });

  test('that fail are tried again after pauses that double up to a bound', async () => {
    const world = testWorld();
    const triedMs: number[] = [];
    const workflow = over('failing', async () => {
      triedMs.push(world.timer.nowMs());
      throw new Error('no');
    });
    await cause(world.eventStore, 'a', newId());
    const workflows = run(world, [workflow], { limits: { retryMs: { least: 100, most: 1_000 } } });
    await world.timer.advance(5_000);
    const gaps = triedMs.slice(1).map((ms, n) => ms - (triedMs[n] ?? 0));
    expect(gaps.slice(0, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    // An event of a key that fails does not make it fail faster.
    const before = triedMs.length;
    await cause(world.eventStore, 'a', newId());
    await world.timer.advance(0);
    expect(triedMs.length).toBe(before);
    await workflows.stop();
  });

  test('that do not end are told of, and told to end', async () => {
    const world = testWorld();
    const problems: string[] = [];
    const workflow = over('endless', ({ signal }) =>
      world.timer.pause(1e9, signal).then(() => Promise.reject(signal.reason)),
    );
    await cause(world.eventStore, 'a', newId());
    const workflows = run(world, [workflow], {
      limits: { stepMs: 3_000 },
      onProblem: (problem) => problems.push(wordsOf(problem)),
    });
    await world.timer.advance(4_000);
    expect(problems).toEqual(['endless a: a step has not ended within 3000 ms']);
    await stop(world, workflows);
  });
});

describe('the clock', () => {
  test('alone steps a key for which there is no event, as often as the step asks', async () => {
    const world = testWorld();
    const seen: unknown[] = [];
    const workflow = over(
      'opening',
      async ({ key, cause: by }) => {
        seen.push([key, by, world.timer.nowMs()]);
        return seen.length < 4 ? { againMs: 250 } : undefined;
      },
      { keys: () => ['paper'] },
    );
    const workflows = run(world, [workflow]);
    await world.timer.advance(5_000);
    expect(seen).toEqual([0, 250, 500, 750].map((ms) => ['paper', undefined, ms]));
    await workflows.stop();
  });

  test('brings back after a crash what asked for it, though its event lies before the checkpoint', async () => {
    const world = testWorld();
    const stepped: string[] = [];
    const watching = (name: string) =>
      over('watching', async ({ cause: by }) => {
        stepped.push(`${name} ${by === undefined ? 'clock' : 'event'}`);
        return { againMs: 60_000 };
      });
    const process = faultyWorld(world);
    run(process, [watching('first')]);
    await cause(world.eventStore, 'a', newId());
    await world.timer.advance(3_000);
    process.kill();
    expect(await world.workflowStore.checkpoint('watching')).toEqual({
      logPosition: 1n,
      keys: ['a'],
    });
    const second = run(world, [watching('second')], { owner: 'two' });
    await world.timer.advance(5_000);
    expect(stepped).toEqual(['first event', 'second clock']);
    await second.stop();
  });

  test('may be hurried by a hint, which is remembered while the key is stepped', async () => {
    const world = testWorld();
    const atMs: number[] = [];
    const workflow = over(
      'watching',
      async ({ signal }) => {
        atMs.push(world.timer.nowMs());
        await world.timer.pause(10, signal);
        return { againMs: 1_000 };
      },
      { keys: () => ['a'] },
    );
    const workflows = run(world, [workflow]);
    workflows.wake('a');
    await world.timer.advance(500);
    workflows.wake('a');
    workflows.wake('unknown');
    await world.timer.advance(5);
    workflows.wake('a');
    await world.timer.advance(1_000);
    expect(atMs).toEqual([0, 500, 510]);
    await workflows.stop();
  });

  test('takes no more keys than the bound: a step that asks for one more fails', async () => {
    const world = testWorld();
    const workflow = over('watching', async () => ({ againMs: 100 }));
    for (const key of ['a', 'b', 'c']) await cause(world.eventStore, key, newId());
    const workflows = run(world, [workflow], { limits: { clockKeys: 2 } });
    await world.timer.advance(1_000);
    expect(workflows.health()[0]).toMatchObject({
      logPosition: 2n,
      problem: 'c: more than 2 keys would wait for the clock',
    });
    await workflows.stop();
  });
});

describe('a log of 50,000 events on 5,000 keys', () => {
  test('is stepped with no more keys waiting than the bound, while another workflow is quick', async () => {
    const world = testWorld();
    const stream = (n: number) => streamName('cause', `${n}`);
    for (let batch = 0; batch < 500; batch++) {
      const events = Array.from({ length: 100 }, () => newCause(newId()));
      // Each key is spread over the log: ten appends of ten events each.
      for (let part = 0; part < 10; part++)
        await world.eventStore.appendToStream(
          stream((batch * 10 + part) % 5_000),
          events.slice(part * 10, part * 10 + 10),
          'any',
        );
    }
    let mostWaiting = 0;
    const stepped = new Set<string>();
    const slow = over('slow', async ({ key, signal }) => {
      mostWaiting = Math.max(mostWaiting, workflows.health()[0]?.lag.keys ?? 0);
      await world.timer.pause(5, signal);
      stepped.add(key);
      return undefined;
    });
    const quick = over('quick', async () => undefined);
    const workflows = run(world, [slow, quick], { limits: { unsettledKeys: 200 } });
    await world.timer.until(() => workflows.health()[1]?.logPosition === 50_000n);
    expect(stepped.size).toBeLessThan(500);
    await untilStepped(world, workflows);
    expect(stepped.size).toBe(5_000);
    expect(mostWaiting).toBeLessThanOrEqual(200);
    expect(mostWaiting).toBeGreaterThan(190);
    await workflows.stop();
  }, 60_000);
});

describe('a workflow that gets its lease late', () => {
  test('reads from its own checkpoint on, also when a page from further on is on its way', async () => {
    const world = testWorld();
    const forever = new AbortController().signal;
    const slowLog = {
      ...world.eventStore,
      subscribeToAll: async function* (after: LogPosition, signal: AbortSignal) {
        for await (const page of world.eventStore.subscribeToAll(after, signal)) {
          await world.timer.pause(50, forever);
          yield page;
        }
      },
    };
    await world.workflowStore.acquire('late', 'another', 1_000);
    const stepped: string[] = [];
    const early = over('early', async () => undefined);
    const late = over('late', async ({ key }) => {
      stepped.push(key);
      return undefined;
    });
    for (let n = 0; n < 10; n++) await cause(world.eventStore, `${n}`, newId());
    const workflows = run({ ...world, eventStore: slowLog }, [early, late]);
    await world.timer.advance(980);
    expect(workflows.health().map(({ logPosition }) => logPosition)).toEqual([10n, undefined]);
    await cause(world.eventStore, 'new', newId());
    await world.timer.advance(40);
    expect(workflows.health().map(({ holds }) => holds)).toEqual([true, true]);
    await untilStepped(world, workflows);
    expect(stepped).toEqual([...Array.from({ length: 10 }, (_, n) => `${n}`), 'new']);
    await stop(world, workflows);
  });
});

describe('a workflow that finds the log read to its end', () => {
  test('is not behind, however long nothing happens', async () => {
    const world = testWorld();
    await cause(world.eventStore, 'a', newId());
    const late = await world.workflowStore.acquire('late', 'another', 1_000);
    await world.workflowStore.saveCheckpoint('late', late?.epoch ?? 0n, {
      logPosition: 1n as LogPosition,
      keys: [],
    });
    const workflows = run(world, [
      over('early', async () => undefined),
      over('late', async () => undefined),
    ]);
    await world.timer.advance(30_000);
    for (const { holds, logPosition, lag } of workflows.health())
      expect({ holds, logPosition, lag }).toEqual({
        holds: true,
        logPosition: 1n,
        lag: { keys: 0, ms: 0 },
      });
    await stop(world, workflows);
  });
});

describe('an outage', () => {
  test('of the log or of the leases is waited out and told of once', async () => {
    for (const store of ['log', 'leases']) {
      const world = testWorld();
      const problems: string[] = [];
      let down = false;
      const process = faultyWorld(world, (_, name) => {
        const ofLog = /subscribe|read|append/.test(name);
        return down && ofLog === (store === 'log')
          ? { moment: 'before', error: new EventStoreUnavailable(`${store} gone`) }
          : undefined;
      });
      const stepped: string[] = [];
      const workflow = over('reading', async ({ key }) => {
        await process.eventStore.readStream(streamName('cause', key));
        stepped.push(key);
        return undefined;
      });
      const workflows = run(process, [workflow], {
        onProblem: (problem) => problems.push(wordsOf(problem)),
      });
      await world.timer.advance(100);
      down = true;
      await cause(world.eventStore, 'a', newId());
      await world.timer.advance(120_000);
      expect(workflows.health()[0]?.problem).toContain(`${store} gone`);
      down = false;
      await cause(world.eventStore, 'b', newId());
      await world.timer.advance(2_000);
      expect(new Set(stepped)).toEqual(new Set(['a', 'b']));
      expect(workflows.health()[0]).toMatchObject({
        holds: true,
        logPosition: 2n,
        problem: undefined,
      });
      expect(problems.length).toBeLessThanOrEqual(2);
      await workflows.stop();
    }
  });

  test('that one workflow makes for itself, by not reading an event, stops it alone', async () => {
    const world = testWorld();
    const problems: string[] = [];
    const stepped: string[] = [];
    const cannot = over('cannot', async () => undefined, {
      concerns: () => {
        throw new Error('what is this');
      },
    });
    const can = over('can', async ({ key }) => {
      stepped.push(key);
      return undefined;
    });
    const workflows = run(world, [cannot, can], {
      onProblem: (problem) => problems.push(wordsOf(problem)),
    });
    await cause(world.eventStore, 'a', newId());
    await world.timer.advance(60_000);
    expect(stepped).toEqual(['a']);
    expect(problems).toEqual(['cannot undefined: what is this']);
    expect(workflows.health()[0]?.problem).toBe('what is this');
    await workflows.stop();
  });
});

describe('a stop', () => {
  test('ends what is under way, saves, gives the leases back, and leaves nothing running', async () => {
    const world = testWorld();
    const ended: string[] = [];
    const workflow = over('slow', async ({ key, signal }) => {
      await world.timer.pause(3_000, signal);
      ended.push(key);
      return { againMs: 50 };
    });
    const process = faultyWorld(world);
    const workflows = run(process, [workflow], { limits: { width: 1 } });
    for (const key of ['a', 'b']) await cause(world.eventStore, key, newId());
    await world.timer.advance(1_000);
    // The step outlasts the lease, which is renewed until it ends.
    await stop(world, workflows);
    expect(ended).toEqual(['a']);
    expect(world.timer.nowMs()).toBe(3_000);
    expect(await world.workflowStore.checkpoint('slow')).toEqual({ logPosition: 1n, keys: ['a'] });
    expect(await world.workflowStore.acquire('slow', 'two', 1_000)).toBeDefined();
    expect(world.timer.pauses()).toBe(0);
    const calls = process.calls();
    await cause(world.eventStore, 'c', newId());
    await world.timer.advance(60_000);
    expect(process.calls()).toBe(calls);
  });

  test('cuts off what does not end within the bound, and leaves its lease to expire', async () => {
    const world = testWorld();
    const problems: string[] = [];
    const heeds = over('heeds', async ({ signal }) => {
      await world.timer.pause(1e9, signal);
      throw signal.reason;
    });
    const deaf = over('deaf', () => new Promise(() => undefined));
    await cause(world.eventStore, 'a', newId());
    const workflows = run(world, [heeds, deaf], {
      onProblem: (problem) => problems.push(wordsOf(problem)),
      limits: { stopMs: 2_500 },
    });
    await world.timer.advance(100);
    expect(await stop(world, workflows)).toBeLessThanOrEqual(4_000);
    expect(problems).toEqual(['all undefined: the workflows have not ended within 2500 ms']);
    expect(await world.workflowStore.acquire('deaf', 'two', 1_000)).toBeUndefined();
    await world.timer.advance(2_000);
    expect(await world.workflowStore.acquire('deaf', 'two', 1_000)).toBeDefined();
    expect(world.timer.pauses()).toBe(0);
  });

  test('is wanted by nobody who gives two workflows one name', () => {
    const twice = over('twice', async () => undefined);
    expect(() => run(testWorld(), [twice, twice])).toThrow(RangeError);
  });

  test('before anything has begun ends it all the same', async () => {
    const world = testWorld();
    const workflows = run(world, [over('one', async () => undefined)]);
    await workflows.stop();
    expect(await world.workflowStore.acquire('one', 'two', 1_000)).toBeDefined();
    expect(world.timer.pauses()).toBe(0);
  });
});

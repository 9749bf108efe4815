import { LeaseLost, WorkflowStoreUnavailable } from '@sentinel/contracts/kernel';
import { monotonicIds, newId } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { type Fault, faultyWorld } from './test-kit.ts';
import { cause, mirror, mirrored } from './test-mirror.ts';
import { over, run, stop, testWorld, untilStepped } from './test-world.ts';

type TestWorld = ReturnType<typeof testWorld>;

/** Steps that take a while, each with its owner and the time from its begin to its end. */
const watched = ({ timer }: TestWorld) => {
  const steps: { readonly owner: string; readonly fromMs: number; toMs: number }[] = [];
  const of = (owner: string, alive: () => boolean = () => true) =>
    over(
      'venue',
      async ({ signal }) => {
        const step = { owner, fromMs: timer.nowMs(), toMs: Number.POSITIVE_INFINITY };
        steps.push(step);
        await timer.pause(200, signal);
        step.toMs = timer.nowMs();
        return alive() ? { againMs: 100 } : undefined;
      },
      { keys: () => ['a', 'b'] },
    );
  const by = (owner: string) => steps.filter((step) => step.owner === owner);
  /** Whether the last step of one was over before the first of the other began. */
  const apart = (first: string, second: string) =>
    Math.max(...by(first).map(({ toMs }) => toMs)) <=
    Math.min(...by(second).map(({ fromMs }) => fromMs));
  return { of, by, apart };
};

describe('of two processes on one store', () => {
  test('one steps; when it is killed, at any time, the other does within 3 s', async () => {
    for (let afterMs = 2_000; afterMs < 2_700; afterMs += 50) {
      const world = testWorld();
      const { of, by } = watched(world);
      const process = faultyWorld(world);
      run(process, [of('first')], { owner: 'first' });
      await world.timer.advance(100);
      const second = run(world, [of('second')], { owner: 'second' });
      await world.timer.advance(afterMs);
      expect(by('first').length).toBeGreaterThan(10);
      expect(by('second')).toEqual([]);
      expect(second.health()[0]).toMatchObject({ holds: false, logPosition: undefined });
      process.kill();
      const tookMs = await world.timer.until(() => by('second').length > 0);
      expect(tookMs).toBeLessThanOrEqual(3_000);
      await stop(world, second);
    }
  });

  test('the other takes over at once when the first stops', async () => {
    const world = testWorld();
    const { of, by, apart } = watched(world);
    const first = run(world, [of('first')], { owner: 'first' });
    await world.timer.advance(1_000);
    const second = run(world, [of('second')], { owner: 'second' });
    await world.timer.advance(1_000);
    await stop(world, first);
    expect(await world.timer.until(() => by('second').length > 0)).toBeLessThanOrEqual(500);
    expect(apart('first', 'second')).toBe(true);
    await stop(world, second);
  });

  test('one that cannot renew lets go before the other begins, and comes back when that ends', async () => {
    const world = testWorld();
    const { of, by, apart } = watched(world);
    let cut = false;
    const process = faultyWorld(world, (_, name) =>
      cut && /acquire|renew|release|heckpoint/.test(name)
        ? { moment: 'before', error: new WorkflowStoreUnavailable('cut off') }
        : undefined,
    );
    const first = run(process, [of('first')], { owner: 'first' });
    await world.timer.advance(1_000);
    const second = run(world, [of('second')], { owner: 'second' });
    await world.timer.advance(1_000);
    cut = true;
    await world.timer.advance(5_000);
    expect(by('second').length).toBeGreaterThan(0);
    expect(apart('first', 'second')).toBe(true);
    expect(first.health()[0]).toMatchObject({ holds: false, problem: 'cut off' });
    cut = false;
    await stop(world, second);
    const before = by('first').length;
    await world.timer.advance(1_000);
    expect(by('first').length).toBeGreaterThan(before);
    expect(first.health()[0]).toMatchObject({ holds: true, problem: undefined });
    await stop(world, first);
  });

  test('one that stood still for long begins no step when it wakes, though no alarm of its rang', async () => {
    const world = testWorld();
    const stepped: string[] = [];
    let fence: (() => void) | undefined;
    const of = (owner: string) =>
      over('venue', async (step) => {
        fence ??= step.fence;
        stepped.push(owner);
        return undefined;
      });
    let still = false;
    // Its timers ring late, as those of a process that was halted do; its log is there at once.
    const halted = {
      ...world,
      timer: {
        nowMs: world.timer.nowMs,
        pause: async (ms: number, signal: AbortSignal) => {
          await world.timer.pause(ms, signal);
          while (still && !signal.aborted) await world.timer.pause(50, signal);
        },
      },
    };
    const first = run(halted, [of('first')], { owner: 'first' });
    await cause(world.eventStore, 'a', newId());
    await world.timer.advance(500);
    expect(stepped).toEqual(['first']);
    fence?.();
    still = true;
    await world.timer.advance(2_100);
    await cause(world.eventStore, 'a', newId());
    await world.timer.advance(0);
    expect(stepped).toEqual(['first']);
    expect(() => fence?.()).toThrow(LeaseLost);
    const second = run(world, [of('second')], { owner: 'second' });
    await world.timer.advance(1_000);
    expect(stepped.filter((owner) => owner === 'first')).toHaveLength(1);
    expect(stepped).toContain('second');
    still = false;
    await world.timer.advance(1_000);
    await stop(world, first);
    await stop(world, second);
  });

  test('one whose step does not end when the lease is lost says so, and does not begin again', async () => {
    const world = testWorld();
    let cut = false;
    const process = faultyWorld(world, (_, name) =>
      cut && name === 'renew'
        ? { moment: 'before', error: new WorkflowStoreUnavailable('cut off') }
        : undefined,
    );
    let begun = 0;
    let end: (() => void) | undefined;
    const deaf = over('deaf', () => {
      begun += 1;
      return new Promise((resolve) => {
        end = () => resolve(undefined);
      });
    });
    await cause(world.eventStore, 'a', newId());
    const workflows = run(process, [deaf], { limits: { stepMs: 10_000 } });
    await world.timer.advance(1_000);
    cut = true;
    await world.timer.advance(5_000);
    cut = false;
    await world.timer.advance(60_000);
    expect(begun).toBe(1);
    expect(workflows.health()[0]).toMatchObject({
      holds: false,
      problem: 'the lease is lost, and a step of it does not end',
    });
    expect(await world.workflowStore.acquire('deaf', 'operator', 1_000)).toBeDefined();
    end?.();
    await world.timer.advance(2_000);
    expect(begun).toBe(2);
    end?.();
    await stop(world, workflows);
  });

  test('both together make each effect once, killed in turn', async () => {
    const world = testWorld();
    const newIds = monotonicIds();
    const start = (owner: string, fault?: Fault, at = 0) => {
      const process = faultyWorld(world, (call) => (call === at ? fault : undefined));
      const workflows = run(process, [mirror(process.eventStore, newIds)], { owner });
      return { process, workflows };
    };
    for (let round = 0; round < 40; round++) {
      const moment = round % 2 === 0 ? 'before' : 'after';
      const pair = ['x', 'y'].map((name, n) =>
        start(`${round} ${name}`, { moment }, 6 + round + 9 * n),
      );
      for (let n = 0; n < 200 && !pair.every(({ process }) => process.dead()); n++) {
        await cause(world.eventStore, `${round}-${n % 2}`, newIds());
        await world.timer.advance(250);
      }
    }
    const last = start('last');
    await untilStepped(world, last.workflows);
    await last.workflows.stop();
    for (let round = 0; round < 40; round++)
      for (const key of [`${round}-0`, `${round}-1`]) {
        const { causes, effects } = await mirrored(world.eventStore, key);
        expect(effects).toEqual(causes);
      }
  }, 60_000);
});

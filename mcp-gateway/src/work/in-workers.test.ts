import type { StreamName } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { inWorkers } from './in-workers.ts';

const workers = inWorkers();

/** A session without events, which the task refuses with a sentence of its own. */
const nothing = {
  session: { stream: 'session-none' as StreamName, events: [] },
  ...{ previous: null, until: 0, full: false, limit: 1, skip: 0 },
};
const how = (signal = new AbortController().signal) => ({ signal, progress: () => undefined });
const replay = workers.run('replay');

describe('a task in a thread', () => {
  test('fails with the error that it threw there, and the next is done all the same', async () => {
    for (const _ of [1, 2, 3])
      await expect(replay(nothing, how())).rejects.toThrow('does not begin with its opening');
  });

  test('answers timers while it goes on', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await replay(nothing, how()).catch(() => undefined);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  test('is ended when it is given up, before its turn and in it', async () => {
    const late = new AbortController();
    const given = replay(nothing, how(late.signal));
    late.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    await expect(replay(nothing, how(AbortSignal.abort(new Error('never begun'))))).rejects.toThrow(
      'never begun',
    );
    await expect(replay(nothing, how())).rejects.toThrow('does not begin with its opening');
  });

  test('waits for its turn behind two others', async () => {
    const all = [1, 2, 3, 4, 5].map(() => replay(nothing, how()));
    const ends = await Promise.allSettled(all);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('is refused once the house stops', async () => {
    await workers.stop();
    await expect(replay(nothing, how())).rejects.toThrow('Sentinel is stopping');
  });
});

import { describe, expect, test } from 'vitest';
import { gather } from './gather.ts';

/** A pause by hand: how long each was asked for, and an end for each. */
const byHand = () => {
  const asked: { readonly ms: number; readonly end: () => void; readonly signal: AbortSignal }[] =
    [];
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((end) => {
      asked.push({ ms, end, signal });
    });
  return { asked, pause };
};

const never = () => new Promise<void>(() => undefined);
const turn = () => new Promise((resolve) => setImmediate(resolve));

const begin = (workMs: number, awaited: (signal: AbortSignal) => Promise<void>) => {
  const { asked, pause } = byHand();
  const stop = new AbortController();
  let ended = false;
  const done = gather({ workMs, awaited, pause }, stop.signal).then(() => {
    ended = true;
  });
  return { asked, done, stop, hasEnded: () => ended };
};

describe('between commits', () => {
  test.each([
    ['a quick one', 2, [2, 18]],
    ['one of the usual kind', 8, [8, 24]],
    ['a slow one', 300, [50, 0]],
  ])('more comes together while nobody waits, after %s', async (_, workMs, pauses) => {
    const { asked, done, hasEnded } = begin(workMs, never);
    for (const [n] of pauses.entries()) {
      await turn();
      expect(hasEnded()).toBe(false);
      asked[n]?.end();
    }
    await done;
    expect(asked.map(({ ms }) => ms)).toEqual(pauses);
  });

  test('whoever waits ends it once it has been as long as the work', async () => {
    let listened: AbortSignal | undefined;
    const { asked, done, hasEnded } = begin(8, async (signal) => {
      listened = signal;
    });
    await turn();
    expect(hasEnded()).toBe(false);
    expect(listened).toBeUndefined();
    asked[0]?.end();
    await done;
    // Nothing is left that would listen or wait on.
    expect(asked[1]?.signal.aborted).toBe(true);
    expect(listened?.aborted).toBe(true);
  });
});

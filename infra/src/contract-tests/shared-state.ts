import { type SharedState, SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeCounters } from './shared-state/counters.ts';
import { describeLeases } from './shared-state/leases.ts';
import { describeNotices } from './shared-state/notices.ts';
import { fresh, longMs } from './shared-state/suite.ts';

type Made = {
  /** Opens what is shared for a further process. */
  readonly open: () => Promise<SharedState>;
  /** Takes all data away, as a server does that keeps none and is started again. */
  readonly forget: () => Promise<void>;
  readonly dispose: () => Promise<void>;
};

/** The contract suite of what gateways share. */
export const describeSharedState = (name: string, make: () => Promise<Made>): void => {
  describe(name, () => {
    let made: Made;
    let opened: SharedState[] = [];
    beforeAll(async () => {
      made = await make();
      opened = [await made.open(), await made.open(), await made.open()];
    });
    afterAll(async () => {
      for (const each of opened) await each.close();
      await made?.dispose();
    });
    const of = (index: number) => () => {
      const found = opened[index];
      if (found === undefined) throw new Error('it is opened before the first test');
      return found;
    };
    const [one, two, third] = [of(0), of(1), of(2)];
    describeCounters({ one, two });
    describeLeases({ one, two, forget: () => made.forget() });
    describeNotices({ one, two });

    test('says where it is, and that nothing is the matter', () => {
      expect(one().where).toMatch(/process|Redis at/);
      expect(one().problem()).toBeUndefined();
    });

    test('once closed says that it cannot be had, hears nothing, and others go on', async () => {
      const name = fresh();
      const lease = await third().acquire(name, 'a', longMs);
      const heard: string[] = [];
      const still: string[] = [];
      third().listen(name, (text) => heard.push(text));
      one().listen(name, (text) => still.push(text));
      await third().close();
      const token = lease?.token ?? 0n;
      const calls = [
        () => third().count(name, { by: 1, windowMs: longMs }),
        () => third().acquire(name, 'a', longMs),
        () => third().renew(name, token, longMs),
        () => third().release(name, token),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(SharedStateUnavailable);
      expect(third().problem()).toBeDefined();
      third().tell(name, 'from a closed one');
      two().tell(name, 'from an open one');
      await expect.poll(() => still).toEqual(['from an open one']);
      expect(heard).toEqual([]);
      expect(await one().acquire(name, 'b', longMs)).toBeUndefined();
    });
  });
};

import {
  beforeAll as atTheStart,
  LeaseLost,
  type Position,
  type WorkflowStore,
} from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const long = { ttlMs: 60_000 };

/** The contract suite of workflow stores; `expire` makes the time pass for which a lease was taken. */
export const describeWorkflowStore = (
  name: string,
  make: () => Promise<{
    readonly store: WorkflowStore;
    /** A store of another process over the same leases. */
    readonly other: WorkflowStore;
    readonly pass: (ms: number) => Promise<void>;
    readonly dispose: () => Promise<void>;
  }>,
): void => {
  describe(name, () => {
    let made: Awaited<ReturnType<typeof make>>;
    beforeAll(async () => {
      made = await make();
    });
    afterAll(() => made.dispose());

    test('gives a lease to one owner, and to the next once it is given back', async () => {
      const { store, other } = made;
      const first = await store.acquire('one', { owner: 'a', ...long });
      if (first === undefined) throw new Error('not free');
      expect(await other.acquire('one', { owner: 'b', ...long })).toBe(undefined);
      expect(await store.acquire('one', { owner: 'a', ...long })).toEqual(first);
      await store.release(first);
      const second = await other.acquire('one', { owner: 'b', ...long });
      expect(second?.epoch).toBe(first.epoch + 1n);
      expect(await store.renew(first, 60_000)).toBe(false);
    });

    test('lets a lease expire by its own clock, unless it is renewed', async () => {
      const { store, other, pass } = made;
      const first = await store.acquire('brief', { owner: 'a', ttlMs: 200 });
      if (first === undefined) throw new Error('not free');
      expect(await store.renew(first, 60_000)).toBe(true);
      await pass(250);
      expect(await other.acquire('brief', { owner: 'b', ttlMs: 200 })).toBe(undefined);
      expect(await store.renew(first, 1)).toBe(true);
      await pass(50);
      expect((await other.acquire('brief', { owner: 'b', ttlMs: 200 }))?.owner).toBe('b');
    });

    test('gives a free lease to one of many who ask at the same time', async () => {
      const { store, other } = made;
      const asked = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : other).acquire('wanted', { owner: `o${n}`, ...long }),
      );
      expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test('keeps a checkpoint over owners, and takes none from one who has lost the lease', async () => {
      const { store, other } = made;
      expect(await store.checkpoint('kept')).toBe(atTheStart);
      const first = await store.acquire('kept', { owner: 'a', ...long });
      if (first === undefined) throw new Error('not free');
      // As long as a position of EventStoreDB: two numbers of 64 bits side by side.
      const far = ((123n << 64n) | 123n) as Position;
      await store.saveCheckpoint(first, far);
      await store.release(first);
      expect(await other.checkpoint('kept')).toBe(far);
      const second = await other.acquire('kept', { owner: 'b', ...long });
      if (second === undefined) throw new Error('not free');
      await expect(store.saveCheckpoint(first, 5n as Position)).rejects.toThrow(LeaseLost);
      expect(await store.checkpoint('kept')).toBe(far);
      await store.release(first);
      expect(await store.acquire('kept', { owner: 'c', ...long })).toBe(undefined);
    });
  });
};

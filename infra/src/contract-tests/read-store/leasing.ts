import { describe, expect, test } from 'vitest';
import type { ReadStoreSuite } from './samples.ts';

export const describeLeasing = ({ write }: ReadStoreSuite): void => {
  describe('the lease', () => {
    test('has one holder; the next one waits until it is given back', async () => {
      const forever = new AbortController().signal;
      const first = await write().takeLease(forever);
      let taken = false;
      const second = write()
        .takeLease(forever)
        .then((lease) => {
          taken = true;
          return lease;
        });
      await expect(write().takeLease(AbortSignal.timeout(50))).rejects.toThrow();
      expect(taken).toBe(false);
      expect(first.lost.aborted).toBe(false);
      await first.release();
      await (await second).release();
      expect(taken).toBe(true);
    });
  });
};

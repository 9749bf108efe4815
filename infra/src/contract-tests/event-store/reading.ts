import type { StreamVersion } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { freshStream, readBehind, sampleEvents } from './samples.ts';
import type { Suite } from './suite.ts';

export const describeReading = ({ store, capabilities }: Suite): void => {
  describe('reading', () => {
    test('a stream that does not exist is empty', async () => {
      expect(await store().readStream(freshStream())).toEqual([]);
    });

    test.each([
      { from: undefined, maxCount: undefined, versions: [0n, 1n, 2n, 3n, 4n] },
      { from: 3n, maxCount: undefined, versions: [3n, 4n] },
      { from: 1n, maxCount: 2, versions: [1n, 2n] },
      { from: undefined, maxCount: 1, versions: [0n] },
      { from: 4n, maxCount: 10, versions: [4n] },
      { from: 5n, maxCount: undefined, versions: [] },
    ])('a stream from $from, at most $maxCount', async ({ from, maxCount, versions }) => {
      const stream = freshStream();
      await store().appendToStream(stream, sampleEvents(5), 'no-stream');
      const options = {
        ...(from === undefined ? {} : { from: from as StreamVersion }),
        ...(maxCount === undefined ? {} : { maxCount }),
      };
      expect((await store().readStream(stream, options)).map(({ version }) => version)).toEqual(
        versions,
      );
    });

    test('the whole log in order, in pages that join', async () => {
      const before = await store().lastPosition();
      for (let n = 0; n < 3; n++)
        await store().appendToStream(freshStream(), sampleEvents(4), 'no-stream');
      const whole = await readBehind(store(), before);
      expect(whole).toHaveLength(12);
      const pages = [];
      for (let after = before; pages.length < 12; ) {
        const page = await store().readAll({ after, maxCount: 5 });
        if (page.length === 0) break;
        pages.push(...page);
        after = page.at(-1)?.logPosition ?? after;
      }
      expect(pages).toEqual(whole);
      const positions = whole.map(({ logPosition }) => logPosition);
      expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
      if (capabilities.gapFreePositions) {
        expect(positions).toEqual(positions.map((_, index) => before + 1n + BigInt(index)));
      }
      expect(await store().readAll({ after: await store().lastPosition() })).toEqual([]);
    });

    test('a page holds 1 to 5,000 events', async () => {
      for (const maxCount of [0, 5_001, 1.5]) {
        await expect(store().readAll({ maxCount })).rejects.toBeInstanceOf(RangeError);
      }
    });
  });
};

import { describe, expect, test } from 'vitest';
import { freshStream, sampleEvent, sampleEvents } from './samples.ts';
import type { Suite } from './suite.ts';

export const describeLimits = ({ store }: Suite): void => {
  describe('limits of an append', () => {
    test.each([
      ['no events', []],
      ['501 events', sampleEvents(501)],
      ['more than a megabyte', [sampleEvent({ text: 'x'.repeat(1_048_577) })]],
    ])('refuses %s as a bug of the caller', async (_, events) => {
      const stream = freshStream();
      await expect(store().appendToStream(stream, events, 'any')).rejects.toBeInstanceOf(
        RangeError,
      );
      expect(await store().readStream(stream)).toEqual([]);
    });

    test('takes 500 events, and a megabyte less a little', async () => {
      const many = await store().appendToStream(freshStream(), sampleEvents(500), 'no-stream');
      expect(many.version).toBe(499n);
      const stream = freshStream();
      const text = 'x'.repeat(1_048_000);
      await store().appendToStream(stream, [sampleEvent({ text })], 'no-stream');
      expect((await store().readStream(stream))[0]?.data).toEqual({ text });
    });
  });
};

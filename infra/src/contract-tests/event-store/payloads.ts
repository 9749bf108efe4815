import { canonicalJson, type Json } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshStream, sampleEvent } from './samples.ts';
import type { Suite } from './suite.ts';

const nested = (depth: number): Json => {
  let value: Json = 'the bottom';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
};

const payloads: Readonly<Record<string, Json>> = {
  'letters of the world': { text: 'ÄÖ 漢字 👩‍🚀 \u202e\u0000\u001f"\\/\u2028', 'ключ 🔑': 'ß' },
  'half a surrogate pair': { text: '\ud800' },
  'keys that are special elsewhere': JSON.parse(
    '{"__proto__":{"a":1},"constructor":"x","":0,"1":2}',
  ) as Json,
  numbers: [0, -1, 1e21, 1.5e-9, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, 5e-324, 0.1 + 0.2],
  nothing: null,
  'empty things': { object: {}, list: [], text: '' },
  'a deep nest': nested(900),
};

export const describePayloads = ({ store }: Suite): void => {
  describe('payloads come back as they were written', () => {
    test.each(Object.keys(payloads))('%s', async (what) => {
      const stream = freshStream();
      const data = payloads[what] as Json;
      await store().appendToStream(stream, [sampleEvent(data)], 'no-stream');
      const [recorded] = await store().readStream(stream);
      expect(canonicalJson(recorded?.data)).toBe(canonicalJson(data));
    });

    test('any JSON', async () => {
      const stream = freshStream();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.jsonValue({ noUnicodeString: false }), { minLength: 1, maxLength: 20 }),
          async (values) => {
            const before = await store().readStream(stream);
            await store().appendToStream(
              stream,
              values.map((value) => sampleEvent(value as Json)),
              'any',
            );
            const recorded = (await store().readStream(stream)).slice(before.length);
            expect(recorded.map(({ data }) => canonicalJson(data))).toEqual(
              values.map(canonicalJson),
            );
          },
        ),
        { numRuns: 30 },
      );
    });

    test('a caller who changes the object afterwards changes nothing', async () => {
      const stream = freshStream();
      const data = { list: [1] };
      const written = store().appendToStream(stream, [sampleEvent(data)], 'no-stream');
      data.list.push(2);
      await written;
      data.list.push(3);
      expect((await store().readStream(stream))[0]?.data).toEqual({ list: [1] });
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY])(
      '%s is no JSON and is refused',
      async (value) => {
        const refused = store().appendToStream(freshStream(), [sampleEvent({ value })], 'any');
        await expect(refused).rejects.toBeInstanceOf(TypeError);
      },
    );
  });
};

import type { StreamVersion } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { freshStream, outcomeOf, sampleEvent, sampleEvents } from './samples.ts';
import type { Suite } from './suite.ts';

const start = async (store: ReturnType<Suite['store']>) => {
  const stream = freshStream();
  const events = sampleEvents(3);
  const first = await store.appendToStream(stream, events, 'no-stream');
  return { stream, events, first };
};

export const describeRepeating = ({ store, capabilities }: Suite): void => {
  describe('repeating an append', () => {
    test.each(['no-stream', 'any', 0n as StreamVersion] as const)(
      'answers the first outcome, expecting %s',
      async (expected) => {
        const { stream, events, first } = await start(store());
        const again = await store().appendToStream(stream, events, expected);
        expect(again).toEqual({ ...first, repeated: true });
        expect(await store().readStream(stream)).toHaveLength(3);
      },
    );

    test('still does so after later appends, and with other metadata', async () => {
      const { stream, events, first } = await start(store());
      await store().appendToStream(stream, sampleEvents(2), 2n as StreamVersion);
      const retried = events.map((event) => ({
        ...event,
        metadata: { ...event.metadata, causationId: 'another' },
      }));
      expect(await store().appendToStream(stream, retried, 'no-stream')).toEqual({
        ...first,
        repeated: true,
      });
      expect((await store().readStream(stream))[0]?.metadata).toEqual(events[0]?.metadata);
    });

    test('does not mind the order of the keys of a payload', async () => {
      const stream = freshStream();
      const event = sampleEvent({ a: 1, b: { c: 2, d: 3 } });
      await store().appendToStream(stream, [event], 'no-stream');
      const turned = { ...event, data: { b: { d: 3, c: 2 }, a: 1 } };
      expect(await store().appendToStream(stream, [turned], 'no-stream')).toMatchObject({
        repeated: true,
      });
    });

    test.each(['no-stream', 'any'] as const)(
      'refuses what is not the same, expecting %s',
      async (expected) => {
        const { stream, events } = await start(store());
        const [a, b, c] = events as [(typeof events)[0], (typeof events)[0], (typeof events)[0]];
        const variants = {
          'a changed payload': [a, { ...b, data: { n: 99 } }, c],
          'a changed type': [a, { ...b, type: 'OtherTaken' }, c],
          'a new event behind': [a, b, c, sampleEvent()],
          'a new event before': [sampleEvent(), a, b, c],
          'another order': [b, a, c],
          'a gap': [a, c],
          'one event twice': [a, a],
        };
        for (const [what, changed] of Object.entries(variants)) {
          expect(await outcomeOf(store().appendToStream(stream, changed, expected)), what).toBe(
            'EventIdConflict',
          );
        }
        if (capabilities.idsUniqueInLog) {
          expect(await outcomeOf(store().appendToStream(freshStream(), events, expected))).toBe(
            'EventIdConflict',
          );
        }
        expect((await store().readStream(stream)).map(({ id }) => id)).toEqual(
          events.map(({ id }) => id),
        );
      },
    );

    test('writes once when the same append comes twenty times at once', async () => {
      const stream = freshStream();
      const events = sampleEvents(2);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store().appendToStream(stream, events, n % 2 === 0 ? 'any' : 'no-stream'),
        ),
      );
      expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(new Set(results.map(({ logPosition }) => logPosition)).size).toBe(1);
      expect(await store().readStream(stream)).toHaveLength(2);
    });
  });
};

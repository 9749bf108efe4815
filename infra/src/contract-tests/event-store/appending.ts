import { type StreamVersion, WrongExpectedVersion } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { freshStream, outcomeOf, sampleEvent, sampleEvents } from './samples.ts';
import type { Suite } from './suite.ts';

const version = (value: bigint) => value as StreamVersion;

export const describeAppending = ({ store, capabilities }: Suite): void => {
  describe('appending', () => {
    test('gives back what was written, with its place', async () => {
      const stream = freshStream();
      const before = await store().lastPosition();
      const events = sampleEvents(3);
      const result = await store().appendToStream(stream, events, 'no-stream');
      expect(result).toEqual({
        version: 2n,
        logPosition: await store().lastPosition(),
        repeated: false,
      });
      if (capabilities.gapFreePositions) expect(result.logPosition).toBe(before + 3n);
      const recorded = await store().readStream(stream);
      expect(
        recorded.map(({ id, type, schemaVersion, data, metadata }) => ({
          id,
          type,
          schemaVersion,
          data,
          metadata,
        })),
      ).toEqual(events);
      expect(recorded.map((event) => [event.stream, event.version])).toEqual(
        [0n, 1n, 2n].map((at) => [stream, at]),
      );
      expect(recorded.at(-1)?.logPosition).toBe(result.logPosition);
      expect(recorded.every(({ recordedAt }) => recordedAt instanceof Temporal.Instant)).toBe(true);
    });

    test.each([
      { past: 0, expected: 'any', outcome: { version: 0n } },
      { past: 2, expected: 'any', outcome: { version: 2n } },
      { past: 0, expected: 'no-stream', outcome: { version: 0n } },
      { past: 2, expected: 'no-stream', outcome: 'WrongExpectedVersion' },
      { past: 2, expected: version(1n), outcome: { version: 2n } },
      { past: 2, expected: version(0n), outcome: 'WrongExpectedVersion' },
      { past: 2, expected: version(2n), outcome: 'WrongExpectedVersion' },
      { past: 0, expected: version(0n), outcome: 'WrongExpectedVersion' },
    ] as const)(
      'after $past events, expecting $expected: $outcome',
      async ({ past, expected, outcome }) => {
        const stream = freshStream();
        if (past > 0) await store().appendToStream(stream, sampleEvents(past), 'any');
        const result = await outcomeOf(store().appendToStream(stream, [sampleEvent()], expected));
        if (typeof outcome === 'string') expect(result).toBe(outcome);
        else expect(result).toMatchObject(outcome);
        expect(await store().readStream(stream)).toHaveLength(
          typeof outcome === 'string' ? past : past + 1,
        );
      },
    );

    test('says which version it found', async () => {
      const stream = freshStream();
      await store().appendToStream(stream, sampleEvents(2), 'no-stream');
      const refused = store().appendToStream(stream, [sampleEvent()], 'no-stream');
      await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersion);
      await expect(refused).rejects.toMatchObject({ stream, expected: 'no-stream', actual: 1n });
      const nothing = freshStream();
      await expect(
        store().appendToStream(nothing, [sampleEvent()], version(4n)),
      ).rejects.toMatchObject({ actual: undefined });
    });

    test('writes all events of an append or none', async () => {
      const stream = freshStream();
      const first = sampleEvent();
      await store().appendToStream(stream, [first], 'no-stream');
      const before = await store().lastPosition();
      const mixed = [sampleEvent(), { ...first, data: { other: true } }, sampleEvent()];
      expect(await outcomeOf(store().appendToStream(stream, mixed, 'any'))).toBe('EventIdConflict');
      expect(await store().readStream(stream)).toHaveLength(1);
      expect(await store().lastPosition()).toBe(before);
    });
  });
};

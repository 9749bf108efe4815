import type { EventId, LogPosition } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshStream, sampleEvent } from '../../contract-tests/event-store/samples.ts';
import { recordedEvent } from '../recorded-event.ts';
import { recentEvents } from './recent-events.ts';

const at = (position: bigint) => {
  const { data, metadata, ...rest } = sampleEvent();
  const recordedAt = Temporal.Instant.fromEpochMilliseconds(0);
  const encoded = {
    ...rest,
    id: rest.id as EventId,
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  };
  return recordedEvent(encoded, {
    stream: freshStream(),
    version: 0n,
    logPosition: position,
    recordedAt,
  });
};

test('answers exactly what stands behind a position, or that it cannot tell', () => {
  const step = fc.record({
    leap: fc.constantFrom(0n, 0n, 0n, 2n),
    count: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 8 }),
      fc.bigInt(0n, 60n),
      fc.integer({ min: 1, max: 9 }),
      (steps, from, limit) => {
        const recent = recentEvents(5);
        let written: bigint[] = [];
        let last = 0n;
        for (const { leap, count } of steps) {
          if (leap > 0n) written = [];
          last += leap;
          const positions = Array.from({ length: count }, (_, index) => last + 1n + BigInt(index));
          recent.push(positions.map(at));
          written.push(...positions);
          last += BigInt(count);
        }
        const kept = written.slice(-5);
        const found = recent
          .after(from as LogPosition, limit)
          ?.map(({ logPosition }) => logPosition);
        const known = kept[0] !== undefined && from >= kept[0] - 1n;
        expect(found).toEqual(
          known ? kept.filter((position) => position > from).slice(0, limit) : undefined,
        );
      },
    ),
    { numRuns: 500 },
  );
});

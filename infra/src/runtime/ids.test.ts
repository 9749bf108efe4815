import { eventIdSchema } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monotonicIds, newId } from './ids.ts';

const versionAndVariant = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('ids', () => {
  test('are UUIDv7 texts that the contracts take, and carry the time', () => {
    const makeId = monotonicIds({
      nowMs: () => 0x0192_3456_789a,
      fillRandom: (bytes) => bytes.fill(0xff),
    });
    const id = makeId();
    expect(id).toMatch(versionAndVariant);
    expect(id).toBe('01923456-789a-77ff-bfff-ffffffffffff');
    expect(eventIdSchema.safeParse(newId()).success).toBe(true);
  });

  test('grow whatever the clock does, also when it stands still or jumps back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 50 }),
        (times) => {
          let ms = 0;
          const makeId = monotonicIds({ nowMs: () => ms, fillRandom: (bytes) => bytes.fill(0xff) });
          const ids = times.flatMap((time) => {
            ms = time;
            return Array.from({ length: 300 }, makeId);
          });
          expect(ids).toEqual([...ids].sort());
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});

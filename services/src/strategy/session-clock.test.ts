import { exchangeZone } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sessionClock } from './session-clock.ts';

const clockAt = (...instants: readonly string[]) =>
  sessionClock(
    Float64Array.from(instants, (text) => Temporal.Instant.from(text).epochMilliseconds),
  );

describe('the session clock', () => {
  test('opens at 09:30 New York in winter and in summer', () => {
    const { minutesAfterOpen } = clockAt(
      '2026-01-15T14:30:00Z',
      '2026-07-15T13:30:00Z',
      '2026-07-15T14:30:00Z',
      '2026-01-15T13:30:00Z',
    );
    expect([...minutesAfterOpen]).toEqual([0, 0, 60, -60]);
  });

  test('changes its key at New York’s midnight, not at UTC’s', () => {
    const { key } = clockAt(
      '2026-01-15T23:59:00Z',
      '2026-01-16T00:01:00Z',
      '2026-01-16T04:59:00Z',
      '2026-01-16T05:00:00Z',
      '2026-07-16T03:59:00Z',
      '2026-07-16T04:00:00Z',
    );
    expect(key[1]).toBe(key[0]);
    expect(key[2]).toBe(key[0]);
    expect(key[3]! - key[2]!).toBe(1);
    expect(key[5]! - key[4]!).toBe(1);
  });

  test('agrees with the zone’s own arithmetic at any instant, clock changes included', () => {
    const around = (text: string) => {
      const at = Temporal.Instant.from(text).epochMilliseconds;
      return fc.integer({ min: at - 2 * 86_400_000, max: at + 2 * 86_400_000 });
    };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 0, max: Date.UTC(2045, 0, 1) }),
          around('2026-03-08T07:00:00Z'),
          around('2026-11-01T06:00:00Z'),
        ),
        (startMs) => {
          const { key, minutesAfterOpen } = sessionClock(Float64Array.of(startMs));
          const zoned =
            Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(exchangeZone);
          const opens = zoned.withPlainTime('09:30').epochMilliseconds;
          expect(minutesAfterOpen[0]).toBe((startMs - opens) / 60_000);
          const date = Temporal.PlainDate.from('1970-01-01').add({ days: key[0]! });
          expect(date.toString()).toBe(zoned.toPlainDate().toString());
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

import { exchangeDays } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replaySession, type Session } from './sessions.ts';
import { virtualClock } from './virtual-clock.ts';

const sessionsOf = (...dates: readonly string[]): readonly Session[] =>
  dates.flatMap((date) => {
    const session = replaySession('nyse', exchangeDays.fromDate(date));
    return 'day' in session ? [session] : [];
  });

const sessions = sessionsOf('2020-11-25', '2020-11-27', '2020-11-30', '2020-12-24', '2020-12-28');
const endMs = sessions.at(-1)?.closeMs ?? 0;
const hours = (count: number) => count * 3_600_000;
const text = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString();

test('goes from the close of a half day at 13:00 to the next open', () => {
  let wall = 0;
  const now = virtualClock({
    sessions,
    endMs,
    startMs: sessions[1]?.openMs ?? 0,
    speed: 1,
    monotonicMs: () => wall,
  });
  wall = hours(3.5) - 1;
  expect(text(now())).toBe('2020-11-27T17:59:59.999Z');
  wall = hours(3.5);
  expect(text(now())).toBe('2020-11-30T14:30:00Z');
  wall = hours(3.5 + 6.5 + 3.5);
  expect(text(now())).toBe('2020-12-28T14:30:00Z');
  wall = hours(100);
  expect(now()).toBe(endMs);
});

test('passes through every millisecond of the sessions and no other, from wherever it starts', () => {
  const within = (ms: number) =>
    sessions.find(({ openMs, closeMs }) => openMs <= ms && ms < closeMs);
  const last = sessions[0]?.openMs ?? 0;
  fc.assert(
    fc.property(
      fc.integer({ min: last - hours(9), max: endMs - 1 }),
      fc.array(fc.integer({ min: 0, max: hours(8) }), { maxLength: 5 }),
      (startMs, steps) => {
        let wall = 0;
        const now = virtualClock({ sessions, endMs, startMs, speed: 1, monotonicMs: () => wall });
        let before = now();
        const opening = sessions.find(({ openMs }) => openMs > startMs)?.openMs;
        expect(before).toBe(within(startMs) === undefined ? opening : startMs);
        for (const step of steps) {
          wall += step;
          const after = now();
          const passed = sessions.reduce(
            (sum, { openMs, closeMs }) =>
              sum + Math.max(0, Math.min(after, closeMs) - Math.max(before, openMs)),
            0,
          );
          expect(after === endMs || within(after) !== undefined).toBe(true);
          expect(after === endMs ? passed <= step : passed === step).toBe(true);
          before = after;
        }
      },
    ),
  );
});

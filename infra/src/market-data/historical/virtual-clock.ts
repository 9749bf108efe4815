import { countUpTo, type Session } from './sessions.ts';

/**
 * The clock of a replay: it runs through the sessions alone, so that nobody waits for a night, and
 * stands still at `endMs`. It follows a monotonic clock, hence never goes back.
 */
export const virtualClock = (options: {
  readonly sessions: readonly Session[];
  readonly endMs: number;
  /** Where to begin; inside closed hours, at the next opening. */
  readonly startMs: number;
  /** Market seconds in one second of the wall's. */
  readonly speed: number;
  /** Milliseconds of a clock that never goes back, from any origin. */
  readonly monotonicMs: () => number;
}): (() => number) => {
  const { sessions, endMs, startMs, speed, monotonicMs } = options;
  if (!(speed > 0 && speed <= 1e6))
    throw new RangeError(`a replay runs at above 0 up to 1,000,000 times, not ${speed}`);
  /** Market time in sessions up to the end of each. */
  const elapsed = new Float64Array(sessions.length);
  let total = 0;
  for (const [i, { openMs, closeMs }] of sessions.entries()) {
    total += closeMs - openMs;
    elapsed[i] = total;
  }
  const elapsedBefore = (index: number) => (index === 0 ? 0 : (elapsed[index - 1] ?? total));
  const closed = countUpTo(sessions.length, (i) => sessions[i]?.closeMs ?? 0, startMs);
  const intoSession = Math.max(0, startMs - (sessions[closed]?.openMs ?? startMs));
  const startOffset = elapsedBefore(closed) + intoSession;
  const origin = monotonicMs();
  return () => {
    const offset = Math.floor(startOffset + (monotonicMs() - origin) * speed);
    const index = countUpTo(sessions.length, (i) => elapsed[i] ?? 0, offset);
    const session = sessions[index];
    if (session === undefined) return endMs;
    return Math.min(endMs, session.openMs + (offset - elapsedBefore(index)));
  };
};

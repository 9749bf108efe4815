import { countUpTo, type Session, sessionMs } from './sessions.ts';

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
  const closed = countUpTo(sessions.length, (i) => sessions[i]?.closeMs ?? 0, startMs);
  const intoSession = Math.max(0, startMs - (sessions[closed]?.openMs ?? startMs));
  const startOffset = closed * sessionMs + intoSession;
  const origin = monotonicMs();
  return () => {
    const offset = Math.floor(startOffset + (monotonicMs() - origin) * speed);
    const index = Math.floor(offset / sessionMs);
    const session = sessions[index];
    if (session === undefined) return endMs;
    return Math.min(endMs, session.openMs + (offset - index * sessionMs));
  };
};

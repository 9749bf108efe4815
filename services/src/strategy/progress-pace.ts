import { millisecondsBetween, type RequestContext } from '@sentinel/contracts/kernel';

/** Work that is done sooner needs no word of how far it has come. */
const quietMs = 1_000;
const leastPauseMs = 300;

/**
 * Passes progress on once the work has lasted a second, and then at most three times a second. The
 * end is the answer itself, and is told only where progress was.
 */
export const progressPace = (
  now: () => Temporal.Instant,
  tell: RequestContext['progress'],
): RequestContext['progress'] => {
  let from = now();
  let pauseMs = quietMs;
  return (done, total, message) => {
    const at = now();
    const ended = pauseMs === leastPauseMs && done === total;
    if (!ended && millisecondsBetween(from, at) < pauseMs) return;
    [from, pauseMs] = [at, leastPauseMs];
    tell(done, total, message);
  };
};

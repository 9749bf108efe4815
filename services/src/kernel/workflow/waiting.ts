import type { Timer } from '@sentinel/contracts/kernel';

/**
 * Settles as `work` does, or rejects with the signal's reason once it aborts; the work then goes on
 * unheard.
 */
export const orAborted = async <Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/** Whether `work` ends, well or badly, within `ms` milliseconds. */
export const endsWithin = async (
  work: Promise<unknown>,
  ms: number,
  timer: Timer,
): Promise<boolean> => {
  const ended = new AbortController();
  const over = timer.pause(ms, ended.signal).then(() => false);
  const done = () => true;
  try {
    return await Promise.race([work.then(done, done), over]);
  } finally {
    ended.abort();
  }
};

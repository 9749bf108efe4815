import type { Timer } from '@sentinel/contracts/kernel';

/** One alarm for each key at the most. */
export type KeyTimers = {
  /** Rings once, `ms` milliseconds from now, in place of an earlier alarm of the key. */
  readonly set: (key: string, ms: number, ring: () => void) => void;
  readonly cancel: (key: string) => void;
  readonly cancelAll: () => void;
};

/** A reason that is told by name: an abort without one takes a picture of the stack, for every event. */
const isPutOff = 'another alarm takes its place';

export const keyTimers = (timer: Timer): KeyTimers => {
  const pending = new Map<string, AbortController>();
  const cancel = (key: string): void => {
    const alarm = pending.get(key);
    pending.delete(key);
    alarm?.abort(isPutOff);
  };
  return {
    set: (key, ms, ring) => {
      cancel(key);
      const alarm = new AbortController();
      pending.set(key, alarm);
      void timer.pause(ms, alarm.signal).then(() => {
        if (alarm.signal.aborted) return;
        pending.delete(key);
        ring();
      });
    },
    cancel,
    cancelAll: () => {
      for (const key of [...pending.keys()]) cancel(key);
    },
  };
};

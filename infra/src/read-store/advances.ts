import type { SharedState } from '@sentinel/contracts/kernel';

/** Says that views have come on, and hears when another process says so. */
export type Advances = {
  readonly tell: (logPosition: bigint) => void;
  /** Resolves when they are said to be at `target`, or when it is time to look whether they are. */
  readonly wait: (target: bigint) => Promise<void>;
  readonly close: () => void;
};

export type Notices = Pick<SharedState, 'tell' | 'listen' | 'problem'>;

const topic = 'views';
const usualPauses = { deafMs: 20, hearingMs: 500 };

/** A notice may be lost: who hears notices looks all the same, only less often than who hears none. */
export const advancesBy = (notices: Notices | undefined, pauses = usualPauses): Advances => {
  const waiting = new Set<{ readonly target: bigint; readonly wake: () => void }>();
  const stop = notices?.listen(topic, (text) => {
    if (!/^\d{1,40}$/.test(text)) return;
    const logPosition = BigInt(text);
    for (const waiter of waiting) if (waiter.target <= logPosition) waiter.wake();
  });
  const pauseMs = () =>
    notices === undefined || notices.problem() !== undefined ? pauses.deafMs : pauses.hearingMs;

  return {
    tell: (logPosition) => notices?.tell(topic, `${logPosition}`),
    wait: (target) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve();
        };
        const waiter = { target, wake };
        const timer = setTimeout(wake, pauseMs());
        waiting.add(waiter);
      }),
    close: () => stop?.(),
  };
};

export type WakeUp = {
  /** Wakes everybody who waits now. */
  readonly ring: () => void;
  /** Resolves at the next `ring`, when `signal` aborts, or after `timeoutMs`, whichever comes first. */
  readonly wait: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
};

export const wakeUp = (): WakeUp => {
  const waiting = new Set<() => void>();
  return {
    ring: () => {
      for (const wake of [...waiting]) wake();
    },
    wait: (timeoutMs, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        waiting.add(wake);
        signal.addEventListener('abort', wake);
        if (signal.aborted) wake();
      }),
  };
};

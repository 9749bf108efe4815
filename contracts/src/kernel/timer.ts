/** Time as it passes in this process. A port: the core reads no clock. */
export type Timer = {
  /** Milliseconds since any moment; they only grow, whatever happens to the wall clock. */
  readonly nowMs: () => number;
  /** Resolves after `ms` milliseconds, or as soon as `signal` aborts; it never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
};

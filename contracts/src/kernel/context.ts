import type { EventMetadata } from './event-store.ts';

/** What accompanies one request from the door to the log. */
export type RequestContext = {
  readonly metadata: EventMetadata;
  readonly signal: AbortSignal;
  /** Says how far a long piece of work has come; a no-op where the caller asked for none. */
  readonly progress: (done: number, total: number, message: string) => void;
};

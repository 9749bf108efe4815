/** Somebody asks more often than is taken. It is answered by 429, with when to come again. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
  /** At least 1. */
  readonly retryAfterSeconds: number;
  constructor(message: string, afterMs: number) {
    super(message);
    this.retryAfterSeconds = Math.max(1, Math.ceil(afterMs / 1_000));
  }
}

/** It cannot be counted how often somebody asks, and what they ask for must be. It is answered by 503. */
export class NotCounted extends Error {
  override readonly name = 'NotCounted';
}

/** A batch holds more messages than may begin at once. It is answered by 413. */
export class BatchTooLong extends Error {
  override readonly name = 'BatchTooLong';
  constructor(most: number) {
    super(`A batch holds at most ${most} messages.`);
  }
}

import { createHash } from 'node:crypto';
import { beforeAll, type LogPosition, type RecordedEvent } from '@sentinel/contracts/kernel';
import { asWritten, type LogEnd, pagesOf } from './log-end.ts';

export type WholeLog = {
  readonly events: number;
  readonly last: LogPosition;
  /** SHA-256 over every event as it was written, in order. */
  readonly digest: string;
};

/** What has been seen of a log from its first event on. */
export type Seen = {
  readonly take: (page: readonly RecordedEvent[]) => void;
  readonly events: () => number;
  readonly last: () => LogPosition;
  /** Once, in the end. */
  readonly whole: () => WholeLog;
};

export const seenFromFirst = (): Seen => {
  const digest = createHash('sha256');
  let events = 0;
  let last: LogPosition = beforeAll;
  return {
    take: (page) => {
      for (const event of page) digest.update(`${asWritten(event)}\n`);
      events += page.length;
      last = page.at(-1)?.logPosition ?? last;
    },
    events: () => events,
    last: () => last,
    whole: () => ({ events, last, digest: digest.digest('hex') }),
  };
};

/** Reads a log from its first event to its last. */
export const readThrough = async (
  end: LogEnd,
  signal: AbortSignal,
  onRead: (events: number) => void,
): Promise<WholeLog> => {
  const seen = seenFromFirst();
  for await (const page of pagesOf(end, beforeAll, signal)) {
    seen.take(page);
    onRead(seen.events());
  }
  return seen.whole();
};

import { createHash } from 'node:crypto';
import { beforeAll, type LogPosition } from '@sentinel/contracts/kernel';
import { asWritten, type LogEnd, pagesOf } from './log-end.ts';

export type WholeLog = {
  readonly events: number;
  readonly last: LogPosition;
  /** SHA-256 over every event as it was written, in order. */
  readonly digest: string;
};

/** Reads a log from its first event to its last. */
export const readThrough = async (
  end: LogEnd,
  signal: AbortSignal,
  onRead: (events: number) => void,
): Promise<WholeLog> => {
  const digest = createHash('sha256');
  let events = 0;
  let last: LogPosition = beforeAll;
  for await (const page of pagesOf(end, beforeAll, signal)) {
    for (const event of page) digest.update(`${asWritten(event)}\n`);
    events += page.length;
    last = page.at(-1)?.logPosition ?? last;
    onRead(events);
  }
  return { events, last, digest: digest.digest('hex') };
};

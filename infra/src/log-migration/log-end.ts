import type { EventStore, LogPosition, RecordedEvent } from '@sentinel/contracts/kernel';
import { canonicalJson } from '@sentinel/contracts/kernel';
import { toMicroseconds } from '../event-store/index.ts';

/** One of the two logs. */
export type LogEnd = {
  /** What a person calls it; no password stands in it. */
  readonly name: string;
  readonly store: Pick<EventStore, 'readAll' | 'appendToStream' | 'lastPosition'>;
  /** Appends that are offered at once stand in the log in the order of their calls, or not at all. */
  readonly inOrder: boolean;
};

/** The two logs cannot be brought to hold the same. The message says why, and what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

export const pageEvents = 500;

/** All that a log keeps of an event but its position, which is the store's own: payloads as their bytes. */
export const asWritten = (event: RecordedEvent): string =>
  JSON.stringify([
    event.stream,
    `${event.version}`,
    event.id,
    event.type,
    event.schemaVersion,
    `${toMicroseconds(event.recordedAt)}`,
    canonicalJson(event.data),
    canonicalJson(event.metadata),
  ]);

/** The events behind `after`, a page in memory at a time. Rejects with the signal's reason. */
export async function* pagesOf(
  { store }: LogEnd,
  after: LogPosition,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  let from = after;
  for (let full = true; full; ) {
    signal.throwIfAborted();
    const page = await store.readAll({ after: from, maxCount: pageEvents });
    if (page.length > 0) yield page;
    from = page.at(-1)?.logPosition ?? from;
    full = page.length === pageEvents;
  }
}

import type {
  EventStore,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';

const pageSize = 100;

/**
 * A stream from version `from` on, page by page to its end, so that a long one is never in memory as a
 * whole. The next page is on its way while one is being looked at. @throws EventStoreUnavailable
 */
export async function* readPages(
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  from = 0n as StreamVersion,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  let next = read(eventStore, stream, from);
  for (let full = true; full; ) {
    const page = await next;
    const last = page.at(-1);
    full = page.length === pageSize;
    if (full && last !== undefined)
      next = read(eventStore, stream, (last.version + 1n) as StreamVersion);
    if (page.length > 0) yield page;
  }
}

const read = (
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  from: StreamVersion,
): Promise<readonly RecordedEvent[]> => {
  const page = eventStore.readStream(stream, { from, maxCount: pageSize });
  // Whoever comes for it is told what went wrong; nobody does who has left the loop before.
  page.catch(() => undefined);
  return page;
};

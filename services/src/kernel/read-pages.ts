import type {
  EventStore,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';

const pageSize = 100;
/** While one page is being looked at the store reads so many more, which takes it about as long. */
const pagesAhead = 2;

/**
 * A stream from version `from` on, page by page to its end, so that a long one is never in memory as a
 * whole. The next pages are on their way while one is being looked at: versions have no gaps, so that
 * each page's first is known before it. @throws EventStoreUnavailable
 */
export async function* readPages(
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  from = 0n as StreamVersion,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  let next = from;
  const onTheirWay: Promise<readonly RecordedEvent[]>[] = [];
  const ask = (): void => {
    onTheirWay.push(read(eventStore, stream, next));
    next = (next + BigInt(pageSize)) as StreamVersion;
  };
  ask();
  for (let full = true; full; ) {
    const page = (await onTheirWay.shift()) ?? [];
    full = page.length === pageSize;
    while (full && onTheirWay.length < pagesAhead) ask();
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

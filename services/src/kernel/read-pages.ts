import type {
  EventStore,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';

/** How many events a page holds, and how many pages are on their way while one is being looked at. */
type Pace = { readonly pageSize: number; readonly pagesAhead: number };

/** What the store reads ahead takes it about as long as looking at a page. */
const quick: Pace = { pageSize: 100, pagesAhead: 2 };
const gentle: Pace = { pageSize: 25, pagesAhead: 0 };

const read = (
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  part: { readonly from: StreamVersion; readonly maxCount: number },
): Promise<readonly RecordedEvent[]> => {
  const page = eventStore.readStream(stream, part);
  // Whoever comes for it is told what went wrong; nobody does who has left the loop before.
  page.catch(() => undefined);
  return page;
};

const pagesAt = ({ pageSize, pagesAhead }: Pace) =>
  async function* (
    eventStore: Pick<EventStore, 'readStream'>,
    stream: StreamName,
    from = 0n as StreamVersion,
  ): AsyncGenerator<readonly RecordedEvent[], void, void> {
    let next = from;
    const onTheirWay: Promise<readonly RecordedEvent[]>[] = [];
    const ask = (): void => {
      onTheirWay.push(read(eventStore, stream, { from: next, maxCount: pageSize }));
      next = (next + BigInt(pageSize)) as StreamVersion;
    };
    for (let full = true; full; ) {
      if (onTheirWay.length === 0) ask();
      const page = (await onTheirWay.shift()) ?? [];
      full = page.length === pageSize;
      while (full && onTheirWay.length < pagesAhead) ask();
      if (page.length > 0) yield page;
    }
  };

/**
 * A stream from version `from` on, page by page to its end, so that a long one is never in memory as a
 * whole. The next pages are on their way while one is being looked at: versions have no gaps, so that
 * each page's first is known before it. @throws EventStoreUnavailable
 */
export const readPages = pagesAt(quick);

/** The same for what may wait: small pages, none of which is asked for ahead, so that others have their turn. */
export const readGently = pagesAt(gentle);

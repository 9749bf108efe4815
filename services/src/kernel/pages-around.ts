import type {
  EventStore,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import { readPages } from './read-pages.ts';

const near = 100n;

/** When an id was made, in milliseconds since 1970: its first 48 bits (RFC 9562, 5.7). */
const madeAtMs = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

/**
 * A stream's pages, first those around the moment at which the UUIDv7 `id` was made, then those farther and
 * farther from it, later and earlier in turn: what was written with that id is found in a long stream as
 * fast as in a short one. All pages come once, wherever it stands. @throws EventStoreUnavailable
 */
export async function* pagesAround(
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  id: string,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  let first = await versionBefore(eventStore, stream, madeAtMs(id));
  const later = readPages(eventStore, stream, first);
  try {
    for (let page = await later.next(); !page.done || first > 0n; page = await later.next()) {
      if (!page.done) yield page.value;
      if (first === 0n) continue;
      const from = (first > near ? first - near : 0n) as StreamVersion;
      yield await eventStore.readStream(stream, { from, maxCount: Number(first - from) });
      first = from;
    }
  } finally {
    await later.return();
  }
}

/** A version at most `near` before the first event that was recorded at `ms` or later: by halves. */
const versionBefore = async (
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
  ms: number,
): Promise<StreamVersion> => {
  const isBefore = async (version: bigint): Promise<boolean> => {
    const from = version as StreamVersion;
    const [event] = await eventStore.readStream(stream, { from, maxCount: 1 });
    return event !== undefined && event.recordedAt.epochMilliseconds < ms;
  };
  let [low, step] = [0n, near];
  for (; await isBefore(low + step); step *= 2n) low += step;
  while (step > near) {
    step /= 2n;
    if (await isBefore(low + step)) low += step;
  }
  return low as StreamVersion;
};

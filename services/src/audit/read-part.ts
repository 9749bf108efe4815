import type { EventStore, LogPosition, RecordedEvent } from '@sentinel/contracts/kernel';

/** A part of the log: after which position, and up to which. */
export type Part = { readonly after: LogPosition; readonly last: LogPosition };

const pageSize = 1_000;

/** The events of a part, up to a page more than `most`, so that whoever asked sees that it was too much. */
export const readPart = async (
  eventStore: Pick<EventStore, 'readAll'>,
  { after, last }: Part,
  most: number,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (let from = after; events.length <= most; ) {
    const page = await eventStore.readAll({ after: from, maxCount: pageSize });
    const wanted = page.filter(({ logPosition }) => logPosition <= last);
    events.push(...wanted);
    const next = wanted.at(-1)?.logPosition;
    if (next === undefined || next === last || wanted.length < page.length) break;
    from = next;
  }
  return events;
};

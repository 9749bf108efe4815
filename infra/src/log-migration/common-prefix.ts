import { beforeAll, type LogPosition, type RecordedEvent } from '@sentinel/contracts/kernel';
import { asWritten, type LogEnd, MigrationRefused, pageEvents, pagesOf } from './log-end.ts';

/** How far the target holds what the source holds: how many events, and where the last stands in each. */
export type CommonPrefix = {
  readonly events: number;
  readonly inSource: LogPosition;
  readonly inTarget: LogPosition;
};

type Ends = { readonly source: LogEnd; readonly target: LogEnd };

/** @throws MigrationRefused when what was found is not what was copied, event by event */
export const requireSame = (
  expected: readonly RecordedEvent[],
  found: readonly RecordedEvent[],
  { target, before }: { readonly target: LogEnd; readonly before: number },
): void => {
  const other = found.findIndex((event, index) => {
    const wanted = expected[index];
    return wanted === undefined || asWritten(event) !== asWritten(wanted);
  });
  const event = found[other];
  if (event === undefined) return;
  throw new MigrationRefused(
    `${target.name} holds something else: its event ${before + other + 1} (${event.type} in ${event.stream}) is not that of the source. Name an empty one, and let nobody else write to it.`,
  );
};

/**
 * Compares from the first event on, and hands over what both hold, as the source has it.
 * @throws MigrationRefused when the target holds anything else
 */
export const commonPrefix = async (
  { source, target }: Ends,
  signal: AbortSignal,
  onSame: (events: readonly RecordedEvent[]) => void,
): Promise<CommonPrefix> => {
  let prefix: CommonPrefix = { events: 0, inSource: beforeAll, inTarget: beforeAll };
  for await (const found of pagesOf(target, beforeAll, signal)) {
    const page = await source.store.readAll({ after: prefix.inSource, maxCount: pageEvents });
    requireSame(page, found, { target, before: prefix.events });
    prefix = {
      events: prefix.events + found.length,
      inSource: page[found.length - 1]?.logPosition ?? prefix.inSource,
      inTarget: found.at(-1)?.logPosition ?? prefix.inTarget,
    };
    onSame(page.slice(0, found.length));
  }
  return prefix;
};

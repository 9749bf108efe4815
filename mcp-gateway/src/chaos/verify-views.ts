import { setTimeout as sleep } from 'node:timers/promises';
import type { LogPosition, ProjectionStore, RecordedEvent } from '@sentinel/contracts/kernel';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { sha256 } from '@sentinel/infra/runtime';
import {
  allProjections,
  checksum,
  rebuildViews,
  type ViewChecksum,
  viewDefinitions,
} from '@sentinel/projections';

const pauseMs = 25;
const rebuildWithinMs = 120_000;

/** The log as it was when it ended at `end`. */
const logUpTo = (log: readonly RecordedEvent[], end: LogPosition) => ({
  lastPosition: async () => end,
  readAll: async ({ after = 0n, maxCount = 1_000 }: { after?: bigint; maxCount?: number } = {}) =>
    log.filter(({ logPosition }) => logPosition > after && logPosition <= end).slice(0, maxCount),
});

/** The views as the log alone makes them, up to `end`. */
const rebuilt = async (
  log: readonly RecordedEvent[],
  end: LogPosition,
): Promise<readonly ViewChecksum[]> => {
  const { projectionStore } = memoryReadModels({ views: viewDefinitions });
  await rebuildViews({
    eventStore: logUpTo(log, end),
    projectionStore,
    projections: allProjections,
    signal: AbortSignal.timeout(rebuildWithinMs),
  });
  return checksums(projectionStore);
};

const checksums = async (projectionStore: ProjectionStore): Promise<readonly ViewChecksum[]> => {
  const sums = await Promise.all(
    allProjections.map(({ view }) => checksum(view, { projectionStore, digest: sha256 })),
  );
  return sums.filter((sum) => sum !== undefined);
};

/** Looks until all views stand at one position, not before `least` and not behind `most`. */
const standing = async (
  served: ProjectionStore,
  { least, withinMs }: { readonly least: bigint; readonly withinMs: number },
): Promise<readonly ViewChecksum[] | undefined> => {
  const begin = performance.now();
  for (let tookMs = 0; tookMs < withinMs; tookMs = performance.now() - begin) {
    const sums = await checksums(served);
    const [first] = sums;
    const together = sums.every(({ logPosition }) => logPosition === first?.logPosition);
    if (sums.length === allProjections.length && together && (first?.logPosition ?? 0n) >= least)
      return sums;
    await sleep(pauseMs);
  }
  return undefined;
};

/**
 * The views that the program serves hold, row for row, what a fold of the whole log gives.
 * `readLog` answers the log up to at least the position at which the views were found.
 */
export const verifyViews = async (options: {
  readonly served: ProjectionStore;
  readonly least: bigint;
  readonly withinMs: number;
  readonly readLog: () => Promise<readonly RecordedEvent[]>;
}): Promise<readonly string[]> => {
  const sums = await standing(options.served, options);
  if (sums === undefined) return [`the views are not at ${options.least} in time`];
  const [first] = sums;
  const end = first?.logPosition ?? (0n as LogPosition);
  const right = new Map(
    (await rebuilt(await options.readLog(), end)).map((sum) => [sum.view, sum]),
  );
  return sums
    .filter(({ view, checksum: sum }) => right.get(view)?.checksum !== sum)
    .map(({ view }) => `the view ${view} is not what the log gives at ${end}`);
};

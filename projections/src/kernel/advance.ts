import {
  beforeAll,
  type LogPosition,
  type RecordedEvent,
  type ViewChange,
} from '@sentinel/contracts/kernel';
import { decodePage } from './decode-page.ts';
import { earliest } from './positions.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import type { ViewFolder } from './view-folder.ts';

/** The new table was dropped and the old one goes on serving. */
export class RebuildFailed extends Error {
  override readonly name = 'RebuildFailed';
}

/** A page is in memory twice over, read and decoded, and the next one beside it. */
const pageSize = 500;
/** A swap holds up the projector, so what it still has to fold is bounded. */
const lastPages = 80;

/**
 * Folds builds up to the position `to` exactly, page by page. While a page is being written the next
 * one is read and folded: its rows are at hand already, and a write that fails ends the rebuild.
 */
export const advance = async (
  builds: readonly ViewFolder[],
  to: LogPosition,
  options: RebuildOptions,
): Promise<void> => {
  const views = builds.map(({ projection }) => projection.view);
  let writing: Promise<void> = Promise.resolve();
  for (let done = lowest(builds); done !== undefined; done = lowest(builds)) {
    options.signal.throwIfAborted();
    const [changes] = await Promise.all([foldNext(builds, [done, to], options), writing]);
    if (changes.length === 0) return;
    writing = write(changes, options);
    for (const build of builds) build.committed();
    options.onProgress?.({ views, done: lowest(builds) ?? done, total: to });
  }
  await writing;
};

/** The change that brings a build from where it is to `to`; nothing when it is there already. */
export const lastChange = async (
  build: ViewFolder,
  to: LogPosition,
  options: RebuildOptions,
): Promise<ViewChange> => {
  const events: RecordedEvent[] = [];
  for (let pages = 0; pages < lastPages; pages++) {
    const page = await readUpTo(
      events.at(-1)?.logPosition ?? build.checkpoint().logPosition,
      to,
      options,
    );
    events.push(...page);
    if (page.length < pageSize) return foldOnce(build, events, options);
  }
  throw new RebuildFailed(
    `${build.projection.view}: the log grows faster than it can be folded; try again in a quieter hour`,
  );
};

/** Undefined when none goes on: each has met an event that it cannot fold. */
const lowest = (builds: readonly ViewFolder[]): LogPosition | undefined =>
  earliest(
    builds
      .map((build) => build.checkpoint())
      .filter(({ parked }) => parked === null)
      .map(({ logPosition }) => logPosition),
  );

const readUpTo = async (after: LogPosition, to: LogPosition, { eventStore }: RebuildOptions) => {
  if (after >= to) return [];
  const page = await eventStore.readAll({
    ...(after > beforeAll && { after }),
    maxCount: pageSize,
  });
  return page.filter(({ logPosition }) => logPosition <= to);
};

const foldNext = async (
  builds: readonly ViewFolder[],
  [after, to]: readonly [LogPosition, LogPosition],
  options: RebuildOptions,
): Promise<readonly ViewChange[]> => {
  const page = await readUpTo(after, to, options);
  if (page.length === 0) return [];
  const going = builds.filter((build) => build.checkpoint().parked === null);
  const decoded = decodePage(
    page,
    going.map(({ projection }) => projection),
  );
  const changes = await Promise.all(going.map((build) => build.fold(decoded)));
  changes.forEach(refusePoison(options));
  return changes;
};

const write = async (changes: readonly ViewChange[], { projectionStore }: RebuildOptions) => {
  if ((await projectionStore.commit(changes)) === 'swapped')
    throw new RebuildFailed('another rebuild of the same view took the place of this one');
};

const foldOnce = async (
  build: ViewFolder,
  events: readonly RecordedEvent[],
  options: RebuildOptions,
): Promise<ViewChange> => {
  const going = build.checkpoint().parked === null;
  const change = await build.fold(going ? decodePage(events, [build.projection]) : []);
  refusePoison(options)(change);
  return change;
};

const refusePoison =
  ({ mayPark }: RebuildOptions) =>
  ({ table, parked }: ViewChange): void => {
    if (parked !== null && mayPark !== true)
      throw new RebuildFailed(`the view ${table.view} cannot be built: ${parked}`);
  };

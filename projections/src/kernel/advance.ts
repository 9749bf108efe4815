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
import type { WriteBehind } from './write-behind.ts';

/** A rebuild under way, with what it has folded and not yet written. */
export type Rebuilding = RebuildOptions & { readonly writes: WriteBehind };

/** The new table was dropped and the old one goes on serving. */
export class RebuildFailed extends Error {
  override readonly name = 'RebuildFailed';
}

/** Read, decoded and folded together: so few that what they become is gone before the collector looks twice. */
const pageSize = 100;
/** A swap holds up the projector, so what it still has to fold is bounded. */
const lastPages = 400;

/**
 * Folds builds up to the position `to` exactly, page by page; then everything is written.
 * @throws RebuildFailed when that takes more than `mostPages`
 */
export const advance = async (
  builds: readonly ViewFolder[],
  to: LogPosition,
  {
    mostPages = Number.POSITIVE_INFINITY,
    ...options
  }: Rebuilding & { readonly mostPages?: number },
): Promise<void> => {
  const views = builds.map(({ projection }) => projection.view);
  let pages = 0;
  let next: Promise<readonly RecordedEvent[]> | undefined;
  for (let done = lowest(builds); done !== undefined && done < to; done = lowest(builds)) {
    options.signal.throwIfAborted();
    const page = await (next ?? readUpTo(done, to, options));
    const last = page.at(-1)?.logPosition;
    if (last === undefined) break;
    if (++pages > mostPages)
      throw new RebuildFailed(
        `${views}: the log grows faster than it can be folded; try again in a quieter hour`,
      );
    // The next page is on its way while this one is folded.
    next = readUpTo(last, to, options);
    next.catch(() => undefined);
    await options.writes.write(await foldPage(builds, page, options));
    for (const build of builds) build.committed();
    options.onProgress?.({ views, done: lowest(builds) ?? done, total: to });
  }
  await options.writes.flush();
};

/** Brings a build up to `to` while the table that it replaces stands still; answers the change that is left, an empty one. */
export const lastChange = async (
  build: ViewFolder,
  to: LogPosition,
  options: Rebuilding,
): Promise<ViewChange> => {
  await advance([build], to, { ...options, mostPages: lastPages });
  return build.fold([]);
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

const foldPage = async (
  builds: readonly ViewFolder[],
  page: readonly RecordedEvent[],
  options: RebuildOptions,
): Promise<readonly ViewChange[]> => {
  const going = builds.filter((build) => build.checkpoint().parked === null);
  const decoded = decodePage(
    page,
    going.map(({ projection }) => projection),
  );
  const changes = await Promise.all(going.map((build) => build.fold(decoded)));
  changes.forEach(refusePoison(options));
  return changes;
};

const refusePoison =
  ({ mayPark }: RebuildOptions) =>
  ({ table, parked }: ViewChange): void => {
    if (parked !== null && mayPark !== true)
      throw new RebuildFailed(`the view ${table.view} cannot be built: ${parked}`);
  };

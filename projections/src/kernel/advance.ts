import {
  beforeAll,
  type Position,
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

const pageSize = 5_000;
/** A swap holds up the projector, so what it still has to fold is bounded. */
const lastPages = 20;

/** Folds builds up to the position `to` exactly, page by page. */
export const advance = async (
  builds: readonly ViewFolder[],
  to: Position,
  options: RebuildOptions,
): Promise<void> => {
  const views = builds.map(({ projection }) => projection.view);
  for (let done = lowest(builds); done !== undefined && done < to; done = lowest(builds)) {
    options.signal.throwIfAborted();
    const page = await readUpTo(done, to, options);
    if (page.length === 0) return;
    await foldPage(builds, page, options);
    options.onProgress?.({ views, done: lowest(builds) ?? done, total: to });
  }
};

/** The change that brings a build from where it is to `to`; nothing when it is there already. */
export const lastChange = async (
  build: ViewFolder,
  to: Position,
  options: RebuildOptions,
): Promise<ViewChange> => {
  const events: RecordedEvent[] = [];
  for (let pages = 0; pages < lastPages; pages++) {
    const page = await readUpTo(
      events.at(-1)?.position ?? build.checkpoint().position,
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
const lowest = (builds: readonly ViewFolder[]): Position | undefined =>
  earliest(
    builds
      .map((build) => build.checkpoint())
      .filter(({ parked }) => parked === null)
      .map(({ position }) => position),
  );

const readUpTo = async (after: Position, to: Position, { eventStore }: RebuildOptions) => {
  if (after >= to) return [];
  const page = await eventStore.readAll({
    ...(after > beforeAll && { after }),
    maxCount: pageSize,
  });
  return page.filter(({ position }) => position <= to);
};

const foldPage = async (
  builds: readonly ViewFolder[],
  page: readonly RecordedEvent[],
  options: RebuildOptions,
): Promise<void> => {
  const going = builds.filter((build) => build.checkpoint().parked === null);
  const decoded = decodePage(
    page,
    going.map(({ projection }) => projection),
  );
  const changes = await Promise.all(going.map((build) => build.fold(decoded)));
  changes.forEach(refusePoison(options));
  if ((await options.projectionStore.commit(changes)) === 'swapped')
    throw new RebuildFailed('another rebuild of the same view took the place of this one');
  for (const build of going) build.committed();
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

import type { LogPosition, ViewSnapshot, ViewTable } from '@sentinel/contracts/kernel';
import { advance, lastChange } from './advance.ts';
import { differingKeys } from './compare.ts';
import { earliest } from './positions.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { type ViewFolder, viewFolder } from './view-folder.ts';

/** How a rebuilt view compares with the one that served, both at the position `at`. */
export type Comparison =
  | { readonly result: 'equal'; readonly at: LogPosition }
  /** The first keys, at most 20, under which the two differ. */
  | { readonly result: 'different'; readonly at: LogPosition; readonly keys: readonly string[] }
  /** Nothing served before, or another version of the fold did. */
  | { readonly result: 'not-comparable' };

export type RebuiltView = {
  readonly table: ViewTable;
  readonly logPosition: LogPosition;
  readonly comparison: Comparison;
};

const cachedRows = 20_000;

/**
 * Builds the views anew from the first event, in one pass over the log, beside those that serve and
 * while the projector goes on; compares each with what served at the same position, and puts it in
 * its place, unless it is a dry run. A difference does not stop the swap: the fold from the log is the
 * truth.
 * @throws RebuildFailed when an event cannot be folded; the signal's reason when it aborts. Then
 * what served goes on serving.
 */
export const rebuildViews = async (options: RebuildOptions): Promise<readonly RebuiltView[]> => {
  const { projectionStore, projections } = options;
  const waiting: ViewFolder[] = [];
  try {
    for (const projection of projections) {
      const start = await projectionStore.startBuild(projection.view);
      waiting.push(viewFolder(projection, start, { projectionStore, cachedRows }));
    }
    await advance(waiting, await firstComparison(options), options);
    const rebuilt: RebuiltView[] = [];
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      rebuilt.push(await complete(next, options));
      waiting.shift();
    }
    return rebuilt;
  } catch (error) {
    // A table that cannot be dropped now is dropped by the next build of its view.
    await Promise.allSettled(waiting.map((of) => projectionStore.dropBuild(of.checkpoint())));
    throw error;
  }
};

/** How far all can be built at once without passing a position at which one is to be compared. */
const firstComparison = async ({
  eventStore,
  projectionStore,
  projections,
}: RebuildOptions): Promise<LogPosition> => {
  const end = await eventStore.lastPosition();
  const served = (await projectionStore.serving()).filter(({ view, version }) =>
    projections.some((of) => of.view === view && of.version === version),
  );
  return earliest([end, ...served.map(({ logPosition }) => logPosition)]) ?? end;
};

const complete = async (build: ViewFolder, options: RebuildOptions): Promise<RebuiltView> => {
  const { projectionStore, eventStore } = options;
  const compared = await projectionStore.snapshot(build.projection.view, (serving) =>
    compareWith(serving, build, options),
  );
  const comparison = compared ?? { result: 'not-comparable' };
  await advance([build], await eventStore.lastPosition(), options);
  if (options.dryRun === true) {
    await projectionStore.dropBuild(build.checkpoint());
    return rebuiltAs(build, comparison);
  }
  await projectionStore.finishBuild(build.checkpoint());
  // Indexing took its time: what came in meanwhile must not be left for the swap.
  await advance([build], await eventStore.lastPosition(), options);
  await projectionStore.swap(build.checkpoint(), (to) => lastChange(build, to, options));
  build.committed();
  return rebuiltAs(build, comparison);
};

const rebuiltAs = (build: ViewFolder, comparison: Comparison): RebuiltView => {
  const { view, generation, logPosition } = build.checkpoint();
  return { table: { view, generation }, logPosition, comparison };
};

const compareWith = async (
  serving: ViewSnapshot,
  build: ViewFolder,
  options: RebuildOptions,
): Promise<Comparison> => {
  const { version, logPosition: at } = serving.checkpoint;
  if (version !== build.projection.version) return { result: 'not-comparable' };
  await advance([build], at, options);
  const keys = await options.projectionStore.snapshot(build.checkpoint(), (built) =>
    differingKeys(serving, built),
  );
  if (keys === undefined) throw new Error(`the build of ${build.projection.view} is gone`);
  return keys.length === 0 ? { result: 'equal', at } : { result: 'different', at, keys };
};

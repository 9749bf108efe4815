import type { LogPosition, ViewSnapshot, ViewTable } from '@sentinel/contracts/kernel';
import { advance, lastChange, RebuildFailed, type Rebuilding } from './advance.ts';
import { claimRebuild } from './claim-rebuild.ts';
import { type Comparison, comparisonOf } from './comparison.ts';
import { earliest } from './positions.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { type ViewFolder, viewFolder } from './view-folder.ts';
import { writeBehind } from './write-behind.ts';

export type RebuiltView = {
  readonly table: ViewTable;
  readonly logPosition: LogPosition;
  readonly comparison: Comparison;
};

/** Rows of a view that page after page moves, such as those of an account, are kept as the fold sees them. */
export const hotRows = 100;
/** What of all views waits in memory until it is written together. As much again may be on its way. */
const batchBytes = 4_000_000;

/** A rebuild while this process has the right to it, and until it loses that. */
export const whileClaimed = async <Value>(
  options: RebuildOptions,
  work: (rebuilding: Rebuilding) => Promise<Value>,
): Promise<Value> => {
  const claim = await claimRebuild(options);
  try {
    const signal = AbortSignal.any([options.signal, claim.lost]);
    const onSwapped = () =>
      new RebuildFailed('another rebuild of the same view took the place of this one');
    const writes = writeBehind(options.projectionStore, { batchBytes, onSwapped });
    return await work({ ...options, signal, writes });
  } finally {
    await claim.release();
  }
};

/**
 * Builds the views anew from the first event, in one pass over the log, beside those that serve and
 * while the projector goes on; compares each with what served at the same position, and puts it in
 * its place, unless it is a dry run. A difference does not stop the swap: the fold from the log is the
 * truth. A build that was killed is gone on with by the next one.
 * @throws RebuildFailed when an event cannot be folded; RebuildRunning while somebody rebuilds; the
 * signal's reason when it aborts. Then what served goes on serving.
 */
export const rebuildViews = (options: RebuildOptions): Promise<readonly RebuiltView[]> =>
  whileClaimed(options, buildAll);

const buildAll = async (options: Rebuilding): Promise<readonly RebuiltView[]> => {
  const { projectionStore, projections, writes } = options;
  const waiting: ViewFolder[] = [];
  try {
    for (const projection of projections) {
      const start = await projectionStore.startBuild(projection.view);
      waiting.push(viewFolder(projection, start, { projectionStore: writes, cachedRows: hotRows }));
    }
    const rebuilt: RebuiltView[] = [];
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      // What came in while another was compared and indexed is read once for all that wait.
      await advance(waiting, await firstComparison(waiting, options), options);
      rebuilt.push(await complete(next, options));
      waiting.shift();
    }
    return rebuilt;
  } catch (error) {
    // A table that cannot be dropped now is gone on with, or dropped, by the next build of its view.
    await Promise.allSettled(waiting.map((of) => projectionStore.dropBuild(of.checkpoint())));
    throw error;
  }
};

/** How far all can be built at once without passing a position at which one is to be compared. */
const firstComparison = async (
  builds: readonly ViewFolder[],
  { eventStore, projectionStore }: RebuildOptions,
): Promise<LogPosition> => {
  const end = await eventStore.lastPosition();
  const served = (await projectionStore.serving()).filter(({ view }) =>
    builds.some(({ projection }) => projection.view === view),
  );
  return earliest([end, ...served.map(({ logPosition }) => logPosition)]) ?? end;
};

const complete = async (build: ViewFolder, options: Rebuilding): Promise<RebuiltView> => {
  const { projectionStore, eventStore } = options;
  const compared = await projectionStore.snapshot(build.projection.view, (serving) =>
    compareWith(serving, build, options),
  );
  const comparison = compared ?? { result: 'not-comparable' };
  if (options.dryRun === true) {
    await advance([build], await eventStore.lastPosition(), options);
    await projectionStore.dropBuild(build.checkpoint());
  } else await swapIn(build, options);
  const { view, generation, logPosition } = build.checkpoint();
  return { table: { view, generation }, logPosition, comparison };
};

/** Brings a build up to the end of the log and lets it serve. */
export const swapIn = async (build: ViewFolder, options: Rebuilding): Promise<void> => {
  const { projectionStore, eventStore } = options;
  await advance([build], await eventStore.lastPosition(), options);
  await projectionStore.finishBuild(build.checkpoint());
  // Indexing took its time: what came in meanwhile must not be left for the swap.
  await advance([build], await eventStore.lastPosition(), options);
  await projectionStore.swap(build.checkpoint(), (to) => lastChange(build, to, options));
  build.committed();
};

const compareWith = async (
  serving: ViewSnapshot,
  build: ViewFolder,
  options: Rebuilding,
): Promise<Comparison> => {
  const { logPosition: at } = serving.checkpoint;
  if (build.checkpoint().logPosition > at) return { result: 'not-comparable' };
  await advance([build], at, options);
  const comparison = await options.projectionStore.snapshot(build.checkpoint(), (built) =>
    comparisonOf(serving, built, build.projection),
  );
  if (comparison === undefined) throw new Error(`the build of ${build.projection.view} is gone`);
  return comparison;
};

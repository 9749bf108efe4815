import type { Checkpoint, EventStore, ProjectionStore } from '@sentinel/contracts/kernel';
import type { AnyProjection } from './projection.ts';
import { type RebuiltView, rebuildViews } from './rebuild.ts';
import type { RebuildProgress } from './rebuild-options.ts';

/** The views were written by a newer program. This one would fold them wrongly. */
export class ViewsFromNewerVersion extends Error {
  override readonly name = 'ViewsFromNewerVersion';
}

/** An operator has put the version before in the place of this program's. It would undo that. */
export class ViewRolledBack extends Error {
  override readonly name = 'ViewRolledBack';
}

/**
 * Builds every view that does not exist yet or whose fold has changed, before it serves. Answers the
 * checkpoints of all. @throws ViewsFromNewerVersion, ViewRolledBack
 */
export const prepareViews = async (
  options: {
    readonly eventStore: EventStore;
    readonly projectionStore: ProjectionStore;
    readonly projections: readonly AnyProjection[];
    readonly onProgress?: (progress: RebuildProgress) => void;
    readonly onRebuilt?: (rebuilt: readonly RebuiltView[]) => void;
  },
  signal: AbortSignal,
): Promise<readonly Checkpoint[]> => {
  const { projectionStore, projections } = options;
  const serving = await projectionStore.serving();
  const versions = new Map(serving.map(({ view, version }) => [view, version]));
  const newer = projections.find(({ view, version }) => (versions.get(view) ?? 0) > version);
  if (newer !== undefined) {
    throw new ViewsFromNewerVersion(
      `the view ${newer.view} has version ${versions.get(newer.view)}, this program folds ${newer.version}: start the newer Sentinel`,
    );
  }
  const outdated = projections.filter(({ view, version }) => versions.get(view) !== version);
  if (outdated.length === 0) return serving;
  await refuseRolledBack(projectionStore, outdated, versions);
  const rebuilding = { ...options, projections: outdated, signal, mayPark: true, waits: true };
  const rebuilt = await rebuildViews(rebuilding);
  options.onRebuilt?.(rebuilt);
  return projectionStore.serving();
};

/** Built by this program, a view would serve if nobody had taken it back. */
const refuseRolledBack = async (
  { before }: ProjectionStore,
  outdated: readonly AnyProjection[],
  versions: ReadonlyMap<string, number>,
): Promise<void> => {
  for (const { view, version } of outdated) {
    if (!versions.has(view) || (await before(view))?.version !== version) continue;
    throw new ViewRolledBack(
      `the view ${view} was rolled back from version ${version} to ${versions.get(view)}: start the Sentinel that folds that one, or raise the version`,
    );
  }
};

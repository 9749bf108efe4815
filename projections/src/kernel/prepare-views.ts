import type { Checkpoint, EventStore, ProjectionStore } from '@sentinel/contracts/kernel';
import type { AnyProjection } from './projection.ts';
import { rebuildViews } from './rebuild.ts';
import type { RebuildProgress } from './rebuild-options.ts';

/** The views were written by a newer program. This one would fold them wrongly. */
export class ViewsFromNewerVersion extends Error {
  override readonly name = 'ViewsFromNewerVersion';
}

/**
 * Builds every view that does not exist yet or whose fold has changed, before it serves. Answers the
 * checkpoints of all. @throws ViewsFromNewerVersion
 */
export const prepareViews = async (
  options: {
    readonly eventStore: EventStore;
    readonly projectionStore: ProjectionStore;
    readonly projections: readonly AnyProjection[];
    readonly onProgress?: (progress: RebuildProgress) => void;
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
  await rebuildViews({ ...options, projections: outdated, signal, mayPark: true });
  return projectionStore.serving();
};

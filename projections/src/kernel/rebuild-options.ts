import type { EventStore, LogPosition, ProjectionStore } from '@sentinel/contracts/kernel';
import type { AnyProjection } from './projection.ts';

export type RebuildProgress = {
  readonly views: readonly string[];
  readonly done: LogPosition;
  readonly total: LogPosition;
};

export type RebuildOptions = {
  readonly eventStore: Pick<EventStore, 'readAll' | 'lastPosition'>;
  readonly projectionStore: ProjectionStore;
  /** What to build: one projection, some, or all. */
  readonly projections: readonly AnyProjection[];
  readonly signal: AbortSignal;
  /** On whose behalf, for whoever wants to rebuild meanwhile. The default is the start of a program. */
  readonly by?: string;
  /** Waits where somebody rebuilds already, instead of failing. */
  readonly waits?: boolean;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** An event that cannot be folded parks the new view there, instead of failing the rebuild. */
  readonly mayPark?: boolean;
  /** Builds and compares, and leaves what serves. */
  readonly dryRun?: boolean;
};

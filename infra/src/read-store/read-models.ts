import type { ProjectionStore, ReadStore } from '@sentinel/contracts/kernel';

/** One store of views from its two sides: queries read it, the projector writes it. */
export type ReadModels = {
  readonly readStore: ReadStore;
  readonly projectionStore: ProjectionStore;
  readonly close: () => Promise<void>;
};

export { RebuildFailed } from './advance.ts';
export { answering, waitMs } from './answering.ts';
export { checksum, type ViewChecksum } from './checksum.ts';
export type { ColumnDifference, Differences } from './compare.ts';
export type { Comparison } from './comparison.ts';
export * from './page.ts';
export { positionKey, sortable } from './positions.ts';
export { ViewRolledBack, ViewsFromNewerVersion } from './prepare-views.ts';
export {
  type AnyProjection,
  codedRow,
  definitionOf,
  type EventType,
  type Fact,
  type Projection,
  projection,
  type SetRow,
} from './projection.ts';
export { type Projector, type ProjectorOptions, projector, type ViewStatus } from './projector.ts';
export { type RebuiltView, rebuildViews } from './rebuild.ts';
export type { RebuildOptions, RebuildProgress } from './rebuild-options.ts';
export { type RolledBack, rollBack } from './roll-back.ts';
export type { ViewedEvent } from './viewed-events.ts';

export { memorySnapshotStore, type SnapshotRow } from './memory/memory-snapshot-store.ts';
export { openPostgresSnapshotStore } from './postgres/postgres-snapshot-store.ts';

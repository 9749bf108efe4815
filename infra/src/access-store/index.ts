export { type AccessRow, memoryAccessStore } from './memory/memory-access-store.ts';
export { openPostgresAccessStore } from './postgres/postgres-access-store.ts';

export { type DiskUse, diskUse, type TableUse } from './disk-use.ts';
export { databaseDiskFull, saysDiskFull } from './embedded/file-errors.ts';
export { type FoundPostgres, findEmbeddedPostgres } from './embedded/find.ts';
export { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
export { isOutage } from './is-outage.ts';
export { migrate } from './migrate.ts';
export { openPool, type PoolOptions } from './pool.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { textArray } from './text-array.ts';

export { appendLimits } from './append-request.ts';
export { memoryEventStore } from './memory/index.ts';
export { type AppendMeasurement, measureAppends } from './postgres/append.bench.ts';
export { openPostgresEventStore, type PostgresEventStoreOptions } from './postgres/index.ts';

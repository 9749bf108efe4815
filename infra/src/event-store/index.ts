export { appendLimits } from './append-request.ts';
export { openEventStoreDb } from './eventstoredb/index.ts';
export { memoryEventStore } from './memory/index.ts';
export { toMicroseconds } from './microseconds.ts';
export { openPostgresEventStore, type PostgresEventStoreOptions } from './postgres/index.ts';
export {
  type AppendMeter,
  openAppendMeter,
  type Payload,
  smallPayload,
} from './postgres/measure-appends.ts';

export { appendLimits } from './append-request.ts';
export { openTestFake, type TestFake } from './eventstoredb/fake/open-test-fake.ts';
export { testAuthority } from './eventstoredb/fake/test-authority.ts';
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
export { multiplyLog } from './postgres/multiply-log.ts';

export { type EventStoreDbOptions, openEventStoreDb } from './open-eventstoredb.ts';

export {
  openPostgresEventStore,
  type PostgresEventStoreOptions,
} from './open-postgres-event-store.ts';

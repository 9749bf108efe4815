import { describeEventStore } from '../../contract-tests/event-store.ts';
import { openTestStore } from './open-test-store.ts';

const make = async () => {
  const { store, dispose } = await openTestStore();
  return { store, dispose };
};

describeEventStore('Postgres event store', make, { gapFreePositions: true, idsUniqueInLog: true });

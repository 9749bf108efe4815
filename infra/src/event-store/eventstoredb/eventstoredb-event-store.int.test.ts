import { describeEventStore } from '../../contract-tests/event-store.ts';
import { openTestFake } from './fake/open-test-fake.ts';

const make = async () => {
  const fake = await openTestFake();
  // Somebody else's events stand between ours.
  await fake.order({ do: 'append', stream: 'sentinel.other-1', type: '$streamDeleted' });
  await fake.order({ do: 'append', stream: 'orders-1', type: 'OrderPlaced' });
  const store = await fake.open({ callMs: 5_000 });
  return { store, dispose: fake.dispose };
};

describeEventStore('EventStoreDB store on the fake server', make, {
  gapFreePositions: false,
  idsUniqueInLog: false,
});

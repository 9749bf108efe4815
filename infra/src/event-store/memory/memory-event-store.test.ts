import { describeEventStore } from '../../contract-tests/event-store.ts';
import { systemClock } from '../../runtime/clock.ts';
import { memoryEventStore } from './memory-event-store.ts';

const make = async () => {
  const store = memoryEventStore({ now: systemClock });
  return { store, dispose: store.close };
};

describeEventStore('memory event store', make, { gapFreePositions: true, idsUniqueInLog: true });

import { describe, test } from 'vitest';
import { describeEventStore } from '../../contract-tests/event-store.ts';
import { newId } from '../../runtime/ids.ts';
import { openEventStoreDb } from './open-eventstoredb.ts';

/** A server to test against: `EVENTSTORE_TEST_URL=esdb://127.0.0.1:2113?tls=false npm run test:eventstore`. */
const url = process.env.EVENTSTORE_TEST_URL;

/** Other runs left their events on the server; they are streams of another application to this one. */
const make = (serverUrl: string) => async () => {
  const store = await openEventStoreDb({ url: serverUrl, prefix: `test.${newId()}.` });
  return { store, dispose: store.close };
};

if (url === undefined) {
  describe.skip('EventStoreDB server (EVENTSTORE_TEST_URL names none)', () => {
    test.todo('the contract suite');
  });
} else {
  describeEventStore('EventStoreDB server', make(url), {
    gapFreePositions: false,
    idsUniqueInLog: false,
  });
}

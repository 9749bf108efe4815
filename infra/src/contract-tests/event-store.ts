import type { EventStore } from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeAppending } from './event-store/appending.ts';
import { describeConcurrency } from './event-store/concurrency.ts';
import { describeFollowing } from './event-store/following.ts';
import { describeLimits } from './event-store/limits.ts';
import { describePayloads } from './event-store/payloads.ts';
import { describeReading } from './event-store/reading.ts';
import { describeRepeating } from './event-store/repeating.ts';
import type { EventStoreCapabilities, Suite } from './event-store/suite.ts';

export type StoreUnderTest = {
  readonly store: EventStore;
  /** Closes the store and removes what it left. */
  readonly dispose: () => Promise<void>;
};

/** The contract suite of the log. The store may hold other events already. */
export const describeEventStore = (
  name: string,
  make: () => Promise<StoreUnderTest>,
  capabilities: EventStoreCapabilities,
): void => {
  describe(name, () => {
    let made: StoreUnderTest | undefined;
    beforeAll(async () => {
      made = await make();
    });
    afterAll(async () => {
      await made?.dispose();
    });
    const store = () => {
      if (made === undefined) throw new Error('the store is made before the first test');
      return made.store;
    };
    const suite: Suite = { store, capabilities };
    describeAppending(suite);
    describeLimits(suite);
    describeRepeating(suite);
    describePayloads(suite);
    describeReading(suite);
    describeFollowing(suite);
    describeConcurrency(suite);
  });
};

import { type EventStore, type ReadStore, ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { type GrantRow, type KeyRow, listGrants, listKeys } from '@sentinel/projections/access';

/** Who may come in, for people to look at: as of the newest event there is. */
export type AccessLists = {
  /** Each of them @throws ViewParked, ReadStoreUnavailable */
  readonly grants: () => Promise<readonly GrantRow[]>;
  readonly keys: () => Promise<readonly KeyRow[]>;
};

const longestWaitMs = 2_000;

export const accessLists = (options: {
  readonly eventStore: Pick<EventStore, 'lastPosition'>;
  readonly readStore: ReadStore;
}): AccessLists => {
  const { eventStore, readStore } = options;
  const fresh = async (): Promise<ReadStore> => {
    // What was revoked a moment ago is not shown as in force.
    if (!(await readStore.waitFor(await eventStore.lastPosition(), longestWaitMs)))
      throw new ReadStoreUnavailable('the views stand behind the log');
    return readStore;
  };
  return {
    grants: async () => listGrants(await fresh()),
    keys: async () => listKeys(await fresh()),
  };
};

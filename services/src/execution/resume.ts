import type { Digest, EventStore, NewId } from '@sentinel/contracts/kernel';
import { controlRoom } from '../risk/index.ts';
import { sessionStore } from './session-store.ts';

/**
 * The latest market time that the sessions of any account have recorded: from where a replay of
 * history goes on after a restart. Undefined when nobody ever traded.
 */
export const latestMarketTime = async (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
}): Promise<Temporal.Instant | undefined> => {
  const { accounts } = await controlRoom(options).load();
  const store = sessionStore(options);
  let latest: Temporal.Instant | undefined;
  for (const { openSessions, lastClosed } of accounts.values()) {
    const newest = openSessions.at(-1) ?? lastClosed;
    if (newest === null) continue;
    const { state } = await store.load(newest.stream);
    if (state.phase === 'unopened') continue;
    if (latest === undefined || Temporal.Instant.compare(latest, state.lastAt) < 0)
      latest = state.lastAt;
  }
  return latest;
};

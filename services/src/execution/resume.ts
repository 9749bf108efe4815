import { sessionEvents } from '@sentinel/contracts/execution';
import {
  type Digest,
  decodeEvent,
  type EventStore,
  type NewId,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { fold } from '../kernel/index.ts';
import { controlRoom } from '../risk/index.ts';
import { sessionDecider } from './session/index.ts';

/**
 * The latest market time that an account's sessions have recorded: from where a replay of history
 * goes on after a restart. Undefined when the account never traded.
 */
export const latestMarketTime = async (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
}): Promise<Temporal.Instant | undefined> => {
  const { openSessions, lastClosed } = await controlRoom(options).load();
  const newest = [...openSessions, ...(lastClosed === null ? [] : [lastClosed])].sort().at(-1);
  if (newest === undefined) return undefined;
  const recorded = await options.eventStore.readStream(newest as StreamName);
  const state = fold(
    sessionDecider(options.digest),
    recorded.map((event) => decodeEvent(sessionEvents, event)),
  );
  return state.phase === 'unopened' ? undefined : state.lastAt;
};

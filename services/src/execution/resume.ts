import type { EventStore, NewId, StreamName } from '@sentinel/contracts/kernel';
import { controlRoom } from '../risk/index.ts';
import type { SessionStore } from './session-store.ts';

/**
 * The latest market time that an account's sessions have recorded: from where a replay of history
 * goes on after a restart. Undefined when the account never traded. The newest session is folded
 * whole, and stays folded in `sessions` for whoever trades on it.
 */
export const latestMarketTime = async (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly sessions: Pick<SessionStore, 'load'>;
}): Promise<Temporal.Instant | undefined> => {
  const { openSessions, lastClosed } = await controlRoom(options).load();
  const newest = [...openSessions, ...(lastClosed === null ? [] : [lastClosed])].sort().at(-1);
  if (newest === undefined) return undefined;
  const { state } = await options.sessions.load(newest as StreamName);
  return state.phase === 'unopened' ? undefined : state.lastAt;
};

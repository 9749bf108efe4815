import type { Control } from '../../risk/index.ts';
import type { SessionStore } from './session-store.ts';

/**
 * The latest market time that the sessions of any account have recorded: from where a replay of
 * history goes on after a restart. Undefined when nobody ever traded. The newest sessions are folded
 * whole, and stay folded in `sessions` for whoever trades on them.
 */
export const latestMarketTime = async (options: {
  readonly control: Pick<Control, 'load'>;
  readonly sessions: Pick<SessionStore, 'load'>;
}): Promise<Temporal.Instant | undefined> => {
  const { accounts } = await options.control.load();
  let latest: Temporal.Instant | undefined;
  for (const { openSessions, lastClosed } of accounts.values()) {
    const newest = openSessions.at(-1) ?? lastClosed;
    if (newest === null) continue;
    const { state } = await options.sessions.load(newest.stream);
    if (state.phase === 'unopened') continue;
    if (latest === undefined || Temporal.Instant.compare(latest, state.lastAt) < 0)
      latest = state.lastAt;
  }
  return latest;
};

import type { UsedKey } from '@sentinel/contracts/execution';
import { millisecondsBetween, type StreamName } from '@sentinel/contracts/kernel';
import type { SessionState } from '../session/index.ts';
import { closedSession } from '../sessions/closed-session.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** How long an idempotency key is remembered across sessions. */
const keyLifetimeMs = 24 * 60 * 60 * 1000;

/** Sessions that one lifetime of a key can reach back into, on a market that closes for days too. */
const mostSessionsBack = 8;

/**
 * The use of a key in the sessions before `newest`. They are closed and never change, so that what is
 * found here before a turn holds in it; what the session itself holds it knows.
 */
export const earlierUse = async (
  sessions: Pick<Sessions, 'load' | 'refresh'>,
  newest: SessionState,
  { key, now }: { readonly key: string | null; readonly now: Temporal.Instant },
): Promise<UsedKey | null> => {
  let state = newest;
  for (let back = 0; back < mostSessionsBack; back++) {
    if (key === null || state.phase === 'unopened' || state.previous === null) return null;
    ({ state } = await closedSession(sessions, state.previous as StreamName));
    if (state.phase === 'unopened') return null;
    const used = state.keys.get(key);
    if (used !== undefined) return millisecondsBetween(used.at, now) <= keyLifetimeMs ? used : null;
    // Whatever that session and those before it took is older than a key's lifetime.
    if (millisecondsBetween(state.lastAt, now) > keyLifetimeMs) return null;
  }
  return null;
};

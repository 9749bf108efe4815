import { isBefore, type StreamName } from '@sentinel/contracts/kernel';
import type { SessionState, StandingWindDown } from '../session/index.ts';
import { closedSession } from '../sessions/closed-session.ts';
import type { Sessions } from '../sessions/sessions.ts';

const keyLifetimeHours = 24;
const mostSessionsBack = 8;

/** The wish that a key began in a session before the newest, within the lifetime of a key. */
export const earlierWish = async (
  sessions: Pick<Sessions, 'load' | 'refresh'>,
  newest: SessionState,
  { key, now }: { readonly key: string | null; readonly now: Temporal.Instant },
): Promise<StandingWindDown | null> => {
  let state = newest;
  for (let back = 0; key !== null && back < mostSessionsBack; back++) {
    if (state.phase === 'unopened' || state.previous === null) return null;
    ({ state } = await closedSession(sessions, state.previous as StreamName));
    if (state.phase === 'unopened') return null;
    const found = [...state.windDowns.values()].find((each) => each.idempotencyKey === key);
    if (found !== undefined)
      return isBefore(now, found.at.add({ hours: keyLifetimeHours })) ? found : null;
  }
  return null;
};

import type { Venue } from '@sentinel/contracts/execution';
import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import { type Session, workingInTurn } from '../session/index.ts';
import type { SessionOutcome } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** Orders asked for in one command: each may become some events, and an append holds 500. */
const mostAsked = 50;

/**
 * Asks the venue for orders of unknown outcome of a session, by their ids, and records its word.
 * Undefined when there is none to ask for. @throws VenueUnavailable, and nothing is recorded
 */
export const reconcileSession = async (
  {
    sessions,
    venue,
    at,
  }: {
    readonly sessions: Pick<Sessions, 'load' | 'execute'>;
    readonly venue: Venue<Session>;
    readonly at: Temporal.Instant;
  },
  stream: StreamName,
  metadata: EventMetadata,
): Promise<SessionOutcome | undefined> => {
  const { state } = await sessions.load(stream);
  if (state.phase !== 'open') return undefined;
  const unknown = workingInTurn(state).filter(({ status }) => status === 'unknown');
  if (unknown.length === 0) return undefined;
  const answers = await Promise.all(
    unknown
      .slice(0, mostAsked)
      .map(async ({ orderId }) => ({ orderId, found: await venue.query(state, orderId) })),
  );
  return sessions.execute(
    stream,
    { type: 'Reconcile', at, answers, answersWithinMs: null },
    metadata,
  );
};

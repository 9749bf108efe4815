import type { Venue } from '@sentinel/contracts/execution';
import type { EventMetadata, OrderId, StreamName } from '@sentinel/contracts/kernel';
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
    asked = new Set(),
  }: {
    readonly sessions: Pick<Sessions, 'load' | 'execute'>;
    readonly venue: Venue<Session>;
    readonly at: Temporal.Instant;
    /** Those that were asked for already are left out, and the others added. */
    readonly asked?: Set<OrderId>;
  },
  stream: StreamName,
  metadata: EventMetadata,
): Promise<SessionOutcome | undefined> => {
  const { state } = await sessions.load(stream);
  if (state.phase !== 'open') return undefined;
  const unknown = workingInTurn(state)
    .filter(({ orderId, status }) => status === 'unknown' && !asked.has(orderId))
    .slice(0, mostAsked);
  if (unknown.length === 0) return undefined;
  for (const { orderId } of unknown) asked.add(orderId);
  const answers = await Promise.all(
    unknown.map(async ({ orderId }) => ({ orderId, found: await venue.query(state, orderId) })),
  );
  return sessions.execute(
    stream,
    { type: 'Reconcile', at, answers, answersWithinMs: null },
    metadata,
  );
};

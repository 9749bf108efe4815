import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import type { Session } from './session/index.ts';
import type { SessionOutcome } from './session-store.ts';
import type { Sessions } from './sessions.ts';

const hasUnknown = ({ working }: Session): boolean =>
  working.values().some(({ status }) => status === 'unknown');

/**
 * Asks the venue for every order of unknown outcome of a session and records its word. Undefined when
 * there is none to ask for.
 */
export const reconcileSession = async (
  { sessions, at }: { readonly sessions: Sessions; readonly at: Temporal.Instant },
  stream: StreamName,
  metadata: EventMetadata,
): Promise<SessionOutcome | undefined> => {
  const { state } = await sessions.load(stream);
  if (state.phase !== 'open' || !hasUnknown(state)) return undefined;
  return sessions.execute(stream, { type: 'Reconcile', at }, metadata);
};

import { sessionEvents } from '@sentinel/contracts/execution';
import type {
  Digest,
  EventMetadata,
  EventStore,
  NewId,
  Outcome,
  StreamName,
} from '@sentinel/contracts/kernel';
import {
  aggregate,
  type Executed,
  type Fence,
  type SnapshotOptions,
  type Turns,
} from '../../kernel/index.ts';
import {
  type SessionCommand,
  type SessionEvent,
  type SessionRefusal,
  type SessionState,
  sessionDecider,
} from '../session/index.ts';

export type SessionOutcome = Outcome<Executed<SessionState, SessionEvent>, SessionRefusal>;

type SessionTurns = Turns<SessionCommand, SessionState, SessionEvent, SessionRefusal>;

/** Session streams of every account, with the decider that rules them. */
export type SessionStore = SessionTurns & {
  /** `execute` for a command of the house's own, which no state may refuse. Throws Error if one does. */
  readonly insist: (
    stream: StreamName,
    command: SessionCommand,
    metadata: EventMetadata,
  ) => Promise<Executed<SessionState, SessionEvent>>;
  /** The same for one who may lose the right to send commands. */
  readonly under: (fence: Fence) => SessionStore;
};

/** What stops or ends something never waits behind what begins something. */
const urgentTypes: ReadonlySet<SessionCommand['type']> = new Set<SessionCommand['type']>([
  'EngageHalt',
  'ReleaseHalt',
  'AdoptAccess',
  'CancelOrder',
  'AnswerProposal',
  'RequestWindDown',
  'ClearTheWay',
]);

export const sessionStore = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
  /** Where the folds of long days begin; with the first event unless given. */
  readonly snapshots?: SnapshotOptions | undefined;
}): SessionStore => {
  const sessions = aggregate({
    ...options,
    definitions: sessionEvents,
    decider: sessionDecider(options.digest),
    isUrgent: ({ type }: SessionCommand) => urgentTypes.has(type),
  });
  const over = (turns: SessionTurns): SessionStore => ({
    ...turns,
    insist: async (stream, command, metadata) => {
      const outcome = await turns.execute(stream, command, metadata);
      if (!outcome.ok)
        throw new Error(`${stream}: ${outcome.refusal.code}: ${outcome.refusal.message}`);
      return outcome.value;
    },
    under: (fence) => over(sessions.under(fence)),
  });
  return over(sessions);
};

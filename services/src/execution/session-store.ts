import { sessionEvents } from '@sentinel/contracts/execution';
import type {
  Digest,
  EventMetadata,
  EventStore,
  NewId,
  Outcome,
  StreamName,
} from '@sentinel/contracts/kernel';
import { aggregate, type Executed, type Folded } from '../kernel/index.ts';
import {
  type SessionCommand,
  type SessionEvent,
  type SessionRefusal,
  type SessionState,
  sessionDecider,
} from './session/index.ts';

export type SessionOutcome = Outcome<Executed<SessionState, SessionEvent>, SessionRefusal>;

/** Session streams with the decider that rules them. */
export type SessionStore = {
  readonly load: (stream: StreamName) => Promise<Folded<SessionState>>;
  /** With everything that any process had appended when it was called. */
  readonly refresh: (stream: StreamName) => Promise<Folded<SessionState>>;
  /** Decides one command, made from the session's fresh state, and appends what it leads to. */
  readonly execute: (
    stream: StreamName,
    command: (state: SessionState) => SessionCommand | Promise<SessionCommand>,
    metadata: EventMetadata,
  ) => Promise<SessionOutcome>;
  /** The same for a command of the house's own, which no state may refuse. Throws Error if one does. */
  readonly insist: (
    stream: StreamName,
    command: SessionCommand,
    metadata: EventMetadata,
  ) => Promise<void>;
};

export const sessionStore = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
}): SessionStore => {
  const decider = sessionDecider(options.digest);
  const { load, refresh, execute } = aggregate({ ...options, definitions: sessionEvents, decider });
  const run: SessionStore['execute'] = (stream, command, metadata) =>
    execute(stream, async (state) => decider.decide(await command(state), state), metadata);
  return {
    load,
    refresh,
    execute: run,
    insist: async (stream, command, metadata) => {
      const outcome = await run(stream, () => command, metadata);
      if (!outcome.ok)
        throw new Error(`${stream}: ${outcome.refusal.code}: ${outcome.refusal.message}`);
    },
  };
};

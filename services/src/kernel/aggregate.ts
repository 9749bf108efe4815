import {
  decodeEvent,
  type EventDefinitions,
  type EventId,
  type EventMetadata,
  type EventOf,
  type EventStore,
  encodeEvent,
  type NewId,
  type Outcome,
  type Position,
  type StreamName,
  type StreamVersion,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import { boundedCache } from './bounded-cache.ts';
import type { Decider } from './decider.ts';
import { serially } from './serially.ts';

/** A stream folded up to its last event; `version` is undefined when the stream does not exist. */
export type Folded<State> = {
  readonly state: State;
  readonly version: StreamVersion | undefined;
  readonly position: Position | undefined;
};

export type Executed<State, Event> = Folded<State> & {
  /** What was appended, with the ids under which it stands; empty when nothing had to be. */
  readonly events: readonly { readonly id: EventId; readonly event: Event }[];
};

export type Aggregate<State, Event, Code extends string> = {
  /** The fold as this process last saw it: enough to start from, since an append checks the version. */
  readonly load: (stream: StreamName) => Promise<Folded<State>>;
  /** The fold with everything that any process had appended when it was called. */
  readonly refresh: (stream: StreamName) => Promise<Folded<State>>;
  /**
   * Folds, decides and appends at the folded version; when another append came first it folds and
   * decides again, up to `maxAttempts`. Calls on one stream go one after another within the process.
   * @throws Contended, and what the event store throws
   */
  readonly execute: (
    stream: StreamName,
    decide: (
      state: State,
    ) => Outcome<readonly Event[], Code> | Promise<Outcome<readonly Event[], Code>>,
    metadata: EventMetadata,
  ) => Promise<Outcome<Executed<State, Event>, Code>>;
};

/** Others were faster each time. Nothing was appended; the caller may try again. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

const maxAttempts = 50;
const cachedStreams = 256;

/** Runs a decider over streams of one kind, keeping the folded state of the recent ones. */
export const aggregate = <
  Definitions extends EventDefinitions,
  Command,
  State,
  Code extends string,
>(options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly definitions: Definitions;
  readonly decider: Decider<Command, State, EventOf<Definitions>, Code>;
}): Aggregate<State, EventOf<Definitions>, Code> => {
  const { eventStore, newId, definitions, decider } = options;
  const cache = boundedCache<StreamName, Folded<State>>(cachedStreams);
  const inTurn = serially<StreamName>();

  const catchUp = async (stream: StreamName, from: Folded<State>): Promise<Folded<State>> => {
    const next =
      from.version === undefined ? (0n as StreamVersion) : ((from.version + 1n) as StreamVersion);
    const recorded = await eventStore.readStream(stream, { from: next });
    const folded = recorded.reduce<Folded<State>>(
      (so, event) => ({
        state: decider.evolve(so.state, decodeEvent(definitions, event)),
        version: event.version,
        position: event.position,
      }),
      from,
    );
    const known = cache.get(stream)?.version;
    if (known === undefined || (folded.version !== undefined && folded.version >= known))
      cache.set(stream, folded);
    return folded;
  };

  const nothing: Folded<State> = {
    state: decider.initialState,
    version: undefined,
    position: undefined,
  };
  const refresh = async (stream: StreamName) => catchUp(stream, cache.get(stream) ?? nothing);
  const load = async (stream: StreamName) => cache.get(stream) ?? catchUp(stream, nothing);

  const append = async (
    stream: StreamName,
    at: Folded<State>,
    {
      events,
      metadata,
    }: { readonly events: readonly EventOf<Definitions>[]; readonly metadata: EventMetadata },
  ) => {
    const identified = events.map((event) => ({ id: newId() as EventId, event }));
    const appended = await eventStore.appendToStream(
      stream,
      identified.map(({ id, event }) => ({ id, ...encodeEvent(definitions, event), metadata })),
      at.version ?? 'no-stream',
    );
    const folded = {
      state: events.reduce(decider.evolve, at.state),
      version: appended.version,
      position: appended.position,
    };
    cache.set(stream, folded);
    return { ...folded, events: identified };
  };

  const execute: Aggregate<State, EventOf<Definitions>, Code>['execute'] = (
    stream,
    decide,
    metadata,
  ) =>
    inTurn(stream, async () => {
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const folded = await load(stream);
        const decision = await decide(folded.state);
        if (!decision.ok) return decision;
        if (decision.value.length === 0) return { ok: true, value: { ...folded, events: [] } };
        try {
          return {
            ok: true,
            value: await append(stream, folded, { events: decision.value, metadata }),
          };
        } catch (error) {
          // Whatever went wrong, the cached fold may be behind the log from here on.
          cache.delete(stream);
          if (!(error instanceof WrongExpectedVersion)) throw error;
          await catchUp(stream, folded);
        }
      }
      throw new Contended(`${stream}: another writer was faster ${maxAttempts} times`);
    });

  return { load, refresh, execute };
};

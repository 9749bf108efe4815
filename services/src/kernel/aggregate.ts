import {
  decodeEvent,
  type EventDefinitions,
  type EventMetadata,
  type EventOf,
  type EventStore,
  encodeEvent,
  type NewId,
  type Outcome,
  type StreamName,
  type StreamVersion,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import { boundedCache } from './bounded-cache.ts';
import { type Call, type Decided, decideInTurn } from './decide-in-turn.ts';
import type { Decider } from './decider.ts';
import type { Executed, Folded } from './folded.ts';
import { inRounds } from './in-rounds.ts';
import { readPages } from './read-pages.ts';

export type Aggregate<State, Event, Code extends string> = {
  /** The fold as this process last saw it: enough to start from, since an append checks the version. */
  readonly load: (stream: StreamName) => Promise<Folded<State>>;
  /** The fold with everything that any process had appended when it was called. */
  readonly refresh: (stream: StreamName) => Promise<Folded<State>>;
  /**
   * Folds, decides and appends at the folded version; when another append came first it folds and
   * decides again, up to `maxAttempts`. Calls on one stream are decided one after another within the
   * process, each on what the one before it led to; those that wait for the same append to end go
   * together into the next, which the store takes as a whole or not at all. An answer is given only
   * when all that it rests on stands in the log.
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
/** Commands that share an append at the most. */
const commandsAtOnce = 32;
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
  type Event = EventOf<Definitions>;
  const { eventStore, newId, definitions, decider } = options;
  const cache = boundedCache<StreamName, Folded<State>>(cachedStreams);

  const catchUp = async (stream: StreamName, from: Folded<State>): Promise<Folded<State>> => {
    const next =
      from.version === undefined ? (0n as StreamVersion) : ((from.version + 1n) as StreamVersion);
    let folded = from;
    for await (const page of readPages(eventStore, stream, next))
      for (const event of page)
        folded = {
          state: decider.evolve(folded.state, decodeEvent(definitions, event)),
          version: event.version,
          position: event.position,
        };
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
    decided: readonly Decided<State>[],
  ): Promise<Folded<State>> => {
    const events = decided.flatMap(({ toAppend }) => toAppend);
    const state = decided.at(-1)?.state;
    if (events.length === 0 || state === undefined) return at;
    const expected = at.version ?? 'no-stream';
    const { version, position } = await eventStore.appendToStream(stream, events, expected);
    const folded = { state, version, position };
    cache.set(stream, folded);
    return folded;
  };

  const deciding = {
    evolve: decider.evolve,
    encode: (event: Event) => encodeEvent(definitions, event),
    newId,
  };

  /** Takes calls through one append, and answers how many of them it has settled. */
  const round = async (
    stream: StreamName,
    calls: readonly Call<State, Event, Code>[],
  ): Promise<number> => {
    let together = calls;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const folded = await load(stream);
      const decided = await decideInTurn(together, folded, deciding);
      try {
        const last = await append(stream, folded, decided);
        for (const { settle } of decided) settle(last);
        return decided.length;
      } catch (error) {
        if (error instanceof RangeError && decided.length > 1) {
          // Too much for one append, perhaps because of one of them: the first goes by itself.
          together = calls.slice(0, 1);
          continue;
        }
        // Whatever went wrong, the cached fold may be behind the log from here on.
        cache.delete(stream);
        if (error instanceof WrongExpectedVersion) {
          await catchUp(stream, folded);
          continue;
        }
        for (const { reject } of decided) reject(error);
        return decided.length;
      }
    }
    throw new Contended(`${stream}: another writer was faster ${maxAttempts} times`);
  };
  const enter = inRounds(commandsAtOnce, round);

  return {
    load,
    refresh,
    execute: (stream, decide, metadata) =>
      new Promise((resolve, reject) => enter(stream, { decide, metadata, resolve, reject })),
  };
};

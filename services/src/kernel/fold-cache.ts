import {
  boundedCache,
  decodeEvent,
  type EventDefinitions,
  type EventOf,
  type EventStore,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import type { Folded } from './folded.ts';
import { readPages } from './read-pages.ts';

const cachedStreams = 256;

/** Streams of one kind, folded up to where this process last saw them. */
export type FoldCache<State> = {
  /**
   * The fold as it was last seen; read from the store when it is not known, or older than `atLeast`,
   * which whoever heard of an event of another process knows.
   */
  readonly load: (stream: StreamName, atLeast?: StreamVersion) => Promise<Folded<State>>;
  /** The fold with everything that any process had appended when it was called. */
  readonly refresh: (stream: StreamName) => Promise<Folded<State>>;
  /** Reads on from a fold that is known to be right, if no longer the newest. */
  readonly catchUp: (stream: StreamName, from: Folded<State>) => Promise<Folded<State>>;
  readonly set: (stream: StreamName, folded: Folded<State>) => void;
  readonly forget: (stream: StreamName) => void;
};

export const foldCache = <Definitions extends EventDefinitions, State>(options: {
  readonly eventStore: EventStore;
  readonly definitions: Definitions;
  readonly initialState: State;
  readonly evolve: (state: State, event: EventOf<Definitions>) => State;
}): FoldCache<State> => {
  const { eventStore, definitions, initialState, evolve } = options;
  const cache = boundedCache<StreamName, Folded<State>>(cachedStreams);
  const nothing: Folded<State> = {
    state: initialState,
    version: undefined,
    logPosition: undefined,
  };

  const catchUp = async (stream: StreamName, from: Folded<State>): Promise<Folded<State>> => {
    const next =
      from.version === undefined ? (0n as StreamVersion) : ((from.version + 1n) as StreamVersion);
    let folded = from;
    for await (const page of readPages(eventStore, stream, next))
      for (const event of page)
        folded = {
          state: evolve(folded.state, decodeEvent(definitions, event)),
          version: event.version,
          logPosition: event.logPosition,
        };
    const known = cache.get(stream)?.version;
    if (known === undefined || (folded.version !== undefined && folded.version >= known))
      cache.set(stream, folded);
    return folded;
  };

  return {
    load: async (stream, atLeast) => {
      const known = cache.get(stream) ?? (await catchUp(stream, nothing));
      const isOlder = atLeast !== undefined && (known.version ?? -1n) < atLeast;
      return isOlder ? catchUp(stream, known) : known;
    },
    refresh: async (stream) => catchUp(stream, cache.get(stream) ?? nothing),
    catchUp,
    set: cache.set,
    forget: cache.delete,
  };
};

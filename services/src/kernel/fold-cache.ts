import {
  boundedCache,
  decodeEvent,
  type EventDefinitions,
  type EventOf,
  type EventStore,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import { foldSnapshots, noSnapshots, type SnapshotOptions } from './fold-snapshots.ts';
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
  /** Saves what the snapshots lack, for a clean stop. */
  readonly settle: () => Promise<void>;
};

export const foldCache = <Definitions extends EventDefinitions, State>(options: {
  readonly eventStore: EventStore;
  readonly definitions: Definitions;
  readonly initialState: State;
  readonly evolve: (state: State, event: EventOf<Definitions>) => State;
  /** Where folds of long streams begin; with the first event unless given. */
  readonly snapshots?: SnapshotOptions | undefined;
}): FoldCache<State> => {
  const { eventStore, definitions, initialState, evolve } = options;
  const cache = boundedCache<StreamName, Folded<State>>(cachedStreams);
  const snapshots =
    options.snapshots === undefined
      ? noSnapshots<State>()
      : foldSnapshots<State>(eventStore, options.snapshots);
  const nothing: Folded<State> = {
    state: initialState,
    version: undefined,
    logPosition: undefined,
  };

  const set = (stream: StreamName, folded: Folded<State>): void => {
    cache.set(stream, folded);
    snapshots.offer(stream, folded);
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
      set(stream, folded);
    return folded;
  };

  const begin = async (stream: StreamName): Promise<Folded<State>> =>
    catchUp(stream, (await snapshots.restore(stream)) ?? nothing);

  return {
    load: async (stream, atLeast) => {
      const known = cache.get(stream) ?? (await begin(stream));
      const isOlder = atLeast !== undefined && (known.version ?? -1n) < atLeast;
      return isOlder ? catchUp(stream, known) : known;
    },
    refresh: async (stream) => {
      const known = cache.get(stream);
      return known === undefined ? begin(stream) : catchUp(stream, known);
    },
    catchUp,
    set,
    forget: cache.delete,
    settle: snapshots.settle,
  };
};

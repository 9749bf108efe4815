import {
  boundedCache,
  type EventStore,
  type SnapshotStore,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Folded } from './folded.ts';
import { partsOf, stateOf } from './state-parts.ts';

/** A stream shorter than this is read as quickly as a snapshot of it. */
const shortStream = 2_000;
/** Of what was saved before; the next one comes when half as much again was appended. */
const growth = 2;
/** What a clean stop leaves for the next start to read. */
const shortTail = 200;
const streamsWatched = 64;

export type SnapshotOptions = {
  readonly store: SnapshotStore;
  /** Hears why a snapshot could not be read or saved. Nothing else comes of it: the events are there. */
  readonly onProblem: (stream: StreamName, error: unknown) => void;
};

/** Folds of long streams, saved now and then, so that a start need not read each stream from its first event. */
export type FoldSnapshots<State> = {
  /** The fold as it was saved; undefined when there is none that the log bears out. @throws EventStoreUnavailable */
  readonly restore: (stream: StreamName) => Promise<Folded<State> | undefined>;
  /** Tells of a fold that has gone on. It is saved in the background when enough has come to it. */
  readonly offer: (stream: StreamName, folded: Folded<State>) => void;
  /** Saves what has gone on since, and waits for it: for a clean stop. */
  readonly settle: () => Promise<void>;
};

/** Keeps nothing: every fold begins with the first event. */
export const noSnapshots = <State>(): FoldSnapshots<State> => ({
  restore: async () => undefined,
  offer: () => undefined,
  settle: async () => undefined,
});

type Watched<State> = { saved: number; newest: Folded<State> | undefined };

const lengthOf = ({ version }: Folded<unknown>): number => Number((version ?? -1n) + 1n);

export const foldSnapshots = <State>(
  eventStore: Pick<EventStore, 'readStream'>,
  { store, onProblem }: SnapshotOptions,
): FoldSnapshots<State> => {
  const streams = boundedCache<StreamName, Watched<State>>(streamsWatched);
  let saving: Promise<void> | undefined;

  const watched = (stream: StreamName): Watched<State> => {
    const known = streams.get(stream) ?? { saved: 0, newest: undefined };
    streams.set(stream, known);
    return known;
  };

  const save = async (stream: StreamName, folded: Folded<State>): Promise<void> => {
    const { version } = folded;
    if (version === undefined) return;
    // Taken before anything is waited for: the maps of the newest state are the quick ones.
    const parts = partsOf(folded.state);
    try {
      const [last] = await eventStore.readStream(stream, { from: version, maxCount: 1 });
      if (last === undefined) throw new Error(`event ${version} is not in the log`);
      await store.save(stream, { version, logPosition: last.logPosition, eventId: last.id }, parts);
    } catch (error) {
      onProblem(stream, error);
    }
  };

  const begin = (stream: StreamName, folded: Folded<State>): Promise<void> => {
    const known = watched(stream);
    known.saved = lengthOf(folded);
    known.newest = undefined;
    return save(stream, folded);
  };

  return {
    restore: async (stream) => {
      const snapshot = await store.load(stream).catch((error: unknown) => {
        onProblem(stream, error);
        return undefined;
      });
      if (snapshot === undefined) return undefined;
      const { version, eventId, parts } = snapshot;
      const [last] = await eventStore.readStream(stream, { from: version, maxCount: 1 });
      // Of another log, or of one that was put back to an earlier day.
      if (last?.id !== eventId) return undefined;
      watched(stream).saved = Number(version) + 1;
      return { state: stateOf<State>(parts), version, logPosition: last.logPosition };
    },
    offer: (stream, folded) => {
      const length = lengthOf(folded);
      if (length < shortTail) return;
      const known = watched(stream);
      const since = length - known.saved;
      if (since >= shortTail) known.newest = folded;
      if (since < Math.max(shortStream, known.saved / growth) || saving !== undefined) return;
      saving = begin(stream, folded).finally(() => {
        saving = undefined;
      });
    },
    settle: async () => {
      await saving;
      for (const [stream, { newest }] of streams.entries())
        if (newest !== undefined) await begin(stream, newest);
    },
  };
};

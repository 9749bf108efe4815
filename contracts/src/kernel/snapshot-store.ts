import type { LogPosition, StreamName, StreamVersion } from './event-store.ts';
import type { EventId } from './ids.ts';

/** Up to which event of its stream a fold has come. */
export type SnapshotPlace = {
  readonly version: StreamVersion;
  readonly logPosition: LogPosition;
  /** The event itself: one that reads otherwise in the log was restored from elsewhere. */
  readonly eventId: EventId;
};

/**
 * A fold as it stood right behind one event. It is derived: it may be lost, or thrown away, at any
 * time, and says nothing that the events do not say. Its parts are values of strings, numbers,
 * booleans, bigints, instants, null and undefined, in arrays, maps, sets and plain objects.
 */
export type Snapshot = SnapshotPlace & { readonly parts: readonly unknown[] };

/**
 * Where snapshots are kept, at the most one for each stream. One that was made by other code is not
 * there. Each call throws SnapshotStoreUnavailable when the store cannot be reached.
 */
export type SnapshotStore = {
  /** Undefined when there is none, or none that can be read: the events are read instead. */
  readonly load: (stream: StreamName) => Promise<Snapshot | undefined>;
  /** Unless this code's own of a later version is there. Parts are asked for one by one, with pauses. */
  readonly save: (
    stream: StreamName,
    place: SnapshotPlace,
    parts: Iterable<unknown>,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The store of snapshots cannot be reached. Nothing is lost: the events are read instead. */
export class SnapshotStoreUnavailable extends Error {
  override readonly name = 'SnapshotStoreUnavailable';
}

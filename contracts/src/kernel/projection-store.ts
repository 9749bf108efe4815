import type { LogPosition } from './event-store.ts';
import type { KeyedRow } from './read-store.ts';

/** What a store must know of a view to keep it. */
export type ViewDefinition = {
  /** Lower case letters and underscores, at most 40. */
  readonly name: string;
  /** Grows with every change of the fold, the row or the fields; another version is another table. */
  readonly version: number;
  /** What queries may filter by, named like views. */
  readonly fields: readonly string[];
};

export type KeyedDigest = { readonly key: string; readonly digest: string };

export type ViewRow = KeyedRow & { readonly fields: Readonly<Record<string, string | null>> };

/** One table of a view. Each build gets the next generation; at most one of them serves. */
export type ViewTable = { readonly view: string; readonly generation: number };

export type Checkpoint = ViewTable & {
  readonly version: number;
  /** The last event that is folded in. */
  readonly logPosition: LogPosition;
  /** Why the event after it could not be folded; null while the view goes on. */
  readonly parked: string | null;
};

/** What one batch does to one table: from its old checkpoint to a new one. */
export type ViewChange = {
  readonly table: ViewTable;
  readonly from: LogPosition;
  readonly to: LogPosition;
  readonly parked: string | null;
  readonly upserts: readonly ViewRow[];
  readonly deletes: readonly string[];
};

/** A row as the text in which it is stored. */
export type RowText = Omit<ViewRow, 'row'> & { readonly text: string };

/** A change as it is loaded in bulk: rows that wait for long take less room as text. */
export type ViewLoad = Omit<ViewChange, 'upserts'> & { readonly upserts: readonly RowText[] };

/** One table as it stood at one moment, whatever is written meanwhile. */
export type ViewSnapshot = {
  readonly checkpoint: Checkpoint;
  /** At most `limit` rows by key, from behind `after`. */
  readonly scan: (after: string | undefined, limit: number) => Promise<readonly KeyedRow[]>;
  /** The same with a digest of each row: rows that were stored alike have the same. */
  readonly digests: (after: string | undefined, limit: number) => Promise<readonly KeyedDigest[]>;
};

/** The right to fold. */
export type Lease = {
  /** Aborts when the right is gone: another may be folding already. */
  readonly lost: AbortSignal;
  readonly release: () => Promise<void>;
};

/** What is rebuilt, and on whose behalf. */
export type RebuildClaim = { readonly views: readonly string[]; readonly by: string };

/**
 * Where views are written. Rows and checkpoints change together or not at all.
 * Every call throws ReadStoreUnavailable when the store cannot be reached.
 */
export type ProjectionStore = {
  /** Waits until nobody else holds the lease. Rejects with the signal's reason when it aborts. */
  readonly takeLease: (signal: AbortSignal) => Promise<Lease>;
  /** The checkpoints of the tables that serve. A view without one was never built. */
  readonly serving: () => Promise<readonly Checkpoint[]>;
  /** The rows of these keys that exist, by key. */
  readonly read: (
    table: ViewTable,
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, KeyedRow>>;
  /**
   * Writes all changes in one transaction if every table still stands at `from`. Answers `swapped`,
   * with nothing written, when a table no longer serves since a rebuilt one took its place.
   * @throws CheckpointLost
   */
  readonly commit: (changes: readonly ViewChange[]) => Promise<'committed' | 'swapped'>;
  /**
   * Resolves as soon as somebody in this process waits for views that are not as far as that, at once
   * where somebody does already, or when the signal aborts. It never rejects.
   */
  readonly awaited: (signal: AbortSignal) => Promise<void>;
  /**
   * The right to rebuild, which one process has at a time; it ends with the process. Rejects when
   * somebody has it. @throws RebuildRunning
   */
  readonly claimRebuild: (claim: RebuildClaim) => Promise<Lease>;
  /**
   * An empty table beside the serving one, or the one of this version that a build which was cut has
   * left behind, as far as that had come. Any other that was left behind is dropped.
   */
  readonly startBuild: (view: string) => Promise<Checkpoint>;
  /** As `commit`, for builds, which nobody reads yet: in bulk. */
  readonly load: (changes: readonly ViewLoad[]) => Promise<'committed' | 'swapped'>;
  readonly dropBuild: (table: ViewTable) => Promise<void>;
  /** Indexes what was built, so that it can serve. */
  readonly finishBuild: (table: ViewTable) => Promise<void>;
  /**
   * Puts a build in the place of the serving table, in one transaction. `catchUp` is asked for the
   * build's last change up to the position given, while the serving table stands still. What served
   * stays for a rollback; what stayed from the time before is dropped. @throws CheckpointLost
   */
  readonly swap: (
    table: ViewTable,
    catchUp: (to: LogPosition) => Promise<ViewChange>,
  ) => Promise<void>;
  /** What served before and stayed for a rollback; undefined when there is none. */
  readonly before: (view: string) => Promise<Checkpoint | undefined>;
  /** Makes a build of what served before, to be brought up to date and swapped in. */
  readonly reopen: (table: ViewTable) => Promise<void>;
  /**
   * Puts what served before in the place of what serves, as it stands, in one transaction: for a
   * program that folds its version. What served stays in its turn. @throws CheckpointLost
   */
  readonly exchange: (table: ViewTable) => Promise<void>;
  /** A look at the serving table, or at `table`; undefined when there is none. */
  readonly snapshot: <Answer>(
    of: string | ViewTable,
    look: (snapshot: ViewSnapshot) => Promise<Answer>,
  ) => Promise<Answer | undefined>;
};

/** A checkpoint is not where this projector left it: another one folds. This one must stop. */
export class CheckpointLost extends Error {
  override readonly name = 'CheckpointLost';
}

/** Somebody rebuilds views already, in this process or in another. */
export class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
  constructor({ views, by }: RebuildClaim, since: string) {
    super(
      `a rebuild of ${views.join(', ')} runs already, for ${by}, since ${since}: wait for it, or end it`,
    );
  }
}

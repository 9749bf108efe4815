import {
  beforeAll,
  type Checkpoint,
  type EventStore,
  EventStoreUnavailable,
  type LogPosition,
  type ProjectionStore,
  ReadStoreUnavailable,
} from '@sentinel/contracts/kernel';
import { decodePage } from './decode-page.ts';
import { gather } from './gather.ts';
import { pause } from './pause.ts';
import { earliest } from './positions.ts';
import { prepareViews } from './prepare-views.ts';
import type { AnyProjection } from './projection.ts';
import type { RebuiltView } from './rebuild.ts';
import type { RebuildProgress } from './rebuild-options.ts';
import { type ViewFolder, viewFolder } from './view-folder.ts';

export type ViewStatus = {
  readonly view: string;
  readonly version: number;
  readonly logPosition: LogPosition;
  readonly state: 'starting' | 'catching_up' | 'live' | 'parked';
  /** The event that parked it, and why. */
  readonly problem: string | null;
};

export type ProjectorOptions = {
  readonly eventStore: EventStore;
  readonly projectionStore: ProjectionStore;
  readonly projections: readonly AnyProjection[];
  /** Somebody has to look: a view is parked, or a store cannot be reached. */
  readonly alarm: (alarm: { readonly view: string | null; readonly problem: string }) => void;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Views whose fold has changed were built anew, and how they differ from what served. */
  readonly onRebuilt?: (rebuilt: readonly RebuiltView[]) => void;
  /** Rows that are kept at hand for each view. The default is 1,000. */
  readonly cachedRows?: number;
};

export type Projector = {
  /**
   * Folds the log into the views until `signal` aborts, then ends after the batch under way. Waits
   * while another process holds the lease, and out an outage of up to ten minutes.
   * @throws CheckpointLost when another projector folds although this one holds the lease
   * @throws EventStoreCorrupt, and what the outage was when it does not end
   */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly status: () => readonly ViewStatus[];
  /** Whether the lease is held here: else another process folds, or nobody. */
  readonly isFolding: () => boolean;
};

const defaultCachedRows = 1_000;
const outagePauseMs = 1_000;
const outageLimit = 600;

/** One pass over the log for all views; a batch changes all of them and their checkpoints at once. */
export const projector = (options: ProjectorOptions): Projector => {
  const { eventStore, projectionStore, projections, alarm } = options;
  let folders: readonly ViewFolder[] = [];
  let caughtUp = false;
  let holds = false;
  let outages = 0;

  const load = async (signal: AbortSignal): Promise<void> => {
    const serving = await prepareViews(options, signal);
    const at = new Map(serving.map((checkpoint) => [checkpoint.view, checkpoint]));
    const cachedRows = options.cachedRows ?? defaultCachedRows;
    folders = projections.map((of) =>
      viewFolder(of, requireCheckpoint(at, of.view), { projectionStore, cachedRows }),
    );
  };

  /** Follows the log until a rebuilt table takes the place of one of ours. */
  const follow = async (signal: AbortSignal): Promise<void> => {
    // A view that was parked before this start is tried once more: the program may be a better one.
    const given = new Set<string>();
    const start = earliest(folders.map((of) => of.checkpoint().logPosition)) ?? beforeAll;
    for await (const page of eventStore.subscribeToAll(start, signal)) {
      const begin = performance.now();
      if (page.events.length > 0) {
        const decoded = decodePage(page.events, projections);
        const changes = await Promise.all(
          folders.map((of) => of.fold(given.has(of.projection.view) ? [] : decoded)),
        );
        if ((await projectionStore.commit(changes)) === 'swapped') return;
        for (const folder of folders) folder.committed();
        outages = 0;
        for (const { table, to, parked } of changes) {
          const beyond = page.events.some(({ logPosition }) => logPosition > to);
          if (parked === null || given.has(table.view) || !beyond) continue;
          given.add(table.view);
          alarm({ view: table.view, problem: parked });
        }
      }
      caughtUp = page.caughtUp;
      if (page.events.length > 0 && page.caughtUp)
        await gather(
          { workMs: performance.now() - begin, awaited: projectionStore.awaited },
          signal,
        );
    }
  };

  const hold = async (signal: AbortSignal): Promise<void> => {
    const lease = await projectionStore.takeLease(signal);
    try {
      holds = true;
      const held = AbortSignal.any([signal, lease.lost]);
      while (!held.aborted) {
        caughtUp = false;
        await load(held);
        await follow(held);
      }
    } finally {
      holds = false;
      await lease.release();
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        await hold(signal);
      } catch (error) {
        if (signal.aborted) return;
        outages += 1;
        if (!isOutage(error) || outages > outageLimit) throw error;
        alarm({ view: null, problem: error.message });
      }
      await pause(outagePauseMs, signal);
    }
  };

  return {
    run,
    isFolding: () => holds,
    status: () =>
      folders.length === 0
        ? projections.map(({ view, version }) => unknownStatus(view, version))
        : folders.map((folder) => statusOf(folder.checkpoint(), caughtUp)),
  };
};

const isOutage = (error: unknown): error is Error =>
  error instanceof EventStoreUnavailable || error instanceof ReadStoreUnavailable;

const requireCheckpoint = (at: ReadonlyMap<string, Checkpoint>, view: string): Checkpoint => {
  const checkpoint = at.get(view);
  if (checkpoint === undefined) throw new Error(`the view ${view} was prepared and does not serve`);
  return checkpoint;
};

const unknownStatus = (view: string, version: number): ViewStatus => ({
  view,
  version,
  logPosition: beforeAll,
  state: 'starting',
  problem: null,
});

const statusOf = (
  { view, version, logPosition, parked }: Checkpoint,
  caughtUp: boolean,
): ViewStatus => ({
  view,
  version,
  logPosition,
  state: parked !== null ? 'parked' : caughtUp ? 'live' : 'catching_up',
  problem: parked,
});

import {
  type ProjectionStore,
  type ReadStore,
  ReadStoreUnavailable,
  type RebuildClaim,
  RebuildRunning,
  type ViewDefinition,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { definitions } from './definitions.ts';
import { type MemoryTable, memoryTables } from './memory-tables.ts';
import { progressOf } from './progress.ts';
import type { ReadModels } from './read-models.ts';
import { selectRows } from './select-rows.ts';

/** Views in memory: for tests, backtests and replays. */
export const memoryReadModels = (options: {
  readonly views: readonly ViewDefinition[];
}): ReadModels => {
  const views = definitions(options.views);
  const progress = progressOf(options.views.map(({ name }) => name));
  const tables = memoryTables(views, progress);

  const served = (view: string): MemoryTable => {
    const definition = views.of(view);
    const table = tables.serving(view);
    if (table === undefined || table.checkpoint.version !== definition.version)
      throw new ReadStoreUnavailable(`the view ${view} is not built yet`);
    if (table.checkpoint.parked !== null) throw new ViewParked(view, table.checkpoint.parked);
    return table;
  };

  const readStore: ReadStore = {
    get: async (view, key) => {
      const { rows, checkpoint } = served(view);
      return { value: rows.get(key)?.row, logPosition: checkpoint.logPosition };
    },
    find: async (view, find) => {
      views.check(view, find);
      const { rows, checkpoint } = served(view);
      return { value: selectRows(rows.values(), find), logPosition: checkpoint.logPosition };
    },
    logPosition: progress.logPosition,
    waitFor: progress.reached,
  };

  return {
    readStore,
    projectionStore: {
      ...tables.store,
      awaited: progress.awaited,
      takeLease: memoryLease(),
      claimRebuild: memoryClaim(),
    },
    close: async () => undefined,
  };
};

/** One holder at a time within the process; the others wait in line. */
const memoryLease = (): ProjectionStore['takeLease'] => {
  let tail: Promise<void> = Promise.resolve();
  return async (signal) => {
    const before = tail;
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    tail = before.then(() => released);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      await Promise.race([before, aborted]);
    } catch (error) {
      release();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return { lost: new AbortController().signal, release: async () => release() };
  };
};

/** One rebuild at a time within the process. */
const memoryClaim = (): ProjectionStore['claimRebuild'] => {
  let held: RebuildClaim | undefined;
  return async (claim) => {
    if (held !== undefined) throw new RebuildRunning(held, 'a moment ago');
    held = claim;
    const release = async () => {
      if (held === claim) held = undefined;
    };
    return { lost: new AbortController().signal, release };
  };
};

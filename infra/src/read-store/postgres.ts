import type { Checkpoint, ProjectionStore, ViewDefinition } from '@sentinel/contracts/kernel';
import { openPool } from '../postgres/index.ts';
import type { Log } from '../runtime/index.ts';
import { advancesBy, type Notices } from './advances.ts';
import { definitions } from './definitions.ts';
import { builds } from './postgres/builds.ts';
import { bulkLoad } from './postgres/bulk-load.ts';
import { claimRebuild } from './postgres/claim.ts';
import { hotRowLimit, hotViews } from './postgres/hot-views.ts';
import { takeLease as leaseOf } from './postgres/lease.ts';
import { loadView } from './postgres/load-view.ts';
import { reading } from './postgres/reading.ts';
import { rollback } from './postgres/rollback.ts';
import { snapshots } from './postgres/snapshots.ts';
import { writing } from './postgres/writing.ts';
import { progressOf } from './progress.ts';
import type { ReadModels } from './read-models.ts';

const poolSize = 6;
const choosingSize = 2;

/** Views in Postgres: tables `rm_<view>_v<n>` behind views `rm_<view>`, in the schema `sentinel`. */
export const postgresReadModels = (options: {
  readonly connectionString: string;
  readonly views: readonly ViewDefinition[];
  readonly log: Log;
  /** By which processes tell each other that views have come on; without them the tables are asked often. */
  readonly notices?: Notices;
}): ReadModels => {
  const { connectionString, log } = options;
  const views = definitions(options.views);
  const progress = progressOf(options.views.map(({ name }) => name));
  const pool = openPool({
    connectionString: withSettings(connectionString, 'force_generic_plan'),
    purpose: 'views',
    size: poolSize,
    log,
  });
  const choosing = openPool({
    connectionString: withSettings(connectionString, 'force_custom_plan'),
    purpose: 'views by what rows hold',
    size: choosingSize,
    log,
  });
  const hot = hotViews();
  const written = writing({ pool, views, progress, hot });
  const advances = advancesBy(options.notices);
  let folding = false;

  /** The process that folds keeps the small views at hand; all others read the tables. */
  const serving = async (): Promise<readonly Checkpoint[]> => {
    const checkpoints = await written.serving();
    for (const table of checkpoints) {
      const definition = views.of(table.view);
      if (!folding || table.version !== definition.version || hot.knows(table)) continue;
      const age = hot.age();
      const loaded = await loadView(pool, { table, definition, limit: hotRowLimit + 1 });
      if (folding && loaded !== undefined) hot.put(loaded, age);
    }
    return checkpoints;
  };

  const takeLease: ProjectionStore['takeLease'] = async (signal) => {
    const lease = await leaseOf(connectionString, signal, hot.swapped);
    folding = !lease.lost.aborted;
    lease.lost.addEventListener('abort', () => {
      folding = false;
      hot.drop();
    });
    return lease;
  };

  return {
    readStore: reading({
      pool,
      choosing,
      views,
      progress,
      hot: hot.of,
      isFolding: () => folding,
      refresh: written.serving,
      advances,
    }),
    projectionStore: {
      ...written,
      ...builds({ pool, views, progress }),
      ...rollback({ pool, progress }),
      load: bulkLoad({ pool, views }, written.load),
      claimRebuild: (claim) => claimRebuild(connectionString, claim),
      serving,
      awaited: progress.awaited,
      commit: async (changes) => {
        const done = await written.commit(changes);
        if (done === 'committed') advances.tell(progress.logPosition());
        return done;
      },
      snapshot: snapshots(pool),
      takeLease,
    },
    close: async () => {
      advances.close();
      await Promise.all([pool.end(), choosing.end()]);
    },
  };
};

const sessionSettings = [
  // Views can be folded again from the log, and rows and checkpoint are lost together or not at all:
  // no commit of them needs to wait for the disk.
  'synchronous_commit=off',
  // A table that is still small must not mislead.
  'enable_seqscan=off',
];

/**
 * By key, a statement reaches its rows through the index whatever its parameters: planning it again each
 * time would cost as much as running it. What is chosen by other fields is planned by their values: a
 * plan for any of them goes through the whole view for one that is rare.
 */
type Plans = 'force_generic_plan' | 'force_custom_plan';

const withSettings = (connectionString: string, plans: Plans): string => {
  const url = new URL(connectionString);
  const options = [...sessionSettings, `plan_cache_mode=${plans}`]
    .map((setting) => `-c ${setting}`)
    .join(' ');
  url.searchParams.set('options', options);
  return url.toString();
};

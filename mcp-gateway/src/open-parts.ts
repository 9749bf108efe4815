import { beforeAll, type EventStore, type SharedState } from '@sentinel/contracts/kernel';
import { openPostgresAccessStore } from '@sentinel/infra/access-store';
import type { Config } from '@sentinel/infra/config';
import { openEventStoreDb, openPostgresEventStore } from '@sentinel/infra/event-store';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { postgresReadModels } from '@sentinel/infra/read-store';
import { codeDigest, newId, systemClock, systemTimer } from '@sentinel/infra/runtime';
import { memorySharedState, openRedis } from '@sentinel/infra/shared-state';
import type { ProgramLog, Telemetry } from '@sentinel/infra/telemetry';
import { openPostgresWorkflowStore } from '@sentinel/infra/workflow-store';
import { locateFinding, viewDefinitions } from '@sentinel/projections';
import { latestMarketTime } from '@sentinel/services/execution';
import { recordedPlaces } from '@sentinel/services/kernel';
import { bindToMarket } from './bind-log.ts';
import type { Closing } from './closing.ts';
import { holdReplay } from './hold-replay.ts';
import { rememberingLastAppend } from './last-append.ts';
import { openFolds } from './open-folds.ts';
import { openMarket } from './open-market.ts';
import { keepOwnLog, requireOwnLog } from './own-log.ts';

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens what everything stands on, in order; what is open already is closed when the rest fails. */
export const openParts = async (
  config: Config,
  {
    log,
    signal,
    telemetry,
  }: {
    readonly log: ProgramLog;
    readonly signal: AbortSignal;
    readonly telemetry: Pick<Telemetry, 'overStore' | 'overMarket'>;
  },
  ends: Closing,
) => {
  const sharedState = await openSharedState(config, log);
  ends.add('shared state', sharedState.close);
  const connectionString = config.DATABASE_URL ?? (await openEmbedded(config, log, ends));
  await migrate(connectionString);
  const workflowStore = openPostgresWorkflowStore({ connectionString, log });
  ends.add('workflow leases', workflowStore.close);
  const accessStore = openPostgresAccessStore({ connectionString, log });
  ends.add('access store', accessStore.close);
  const replays = config.MARKET_DATA_PROVIDER === 'historical';
  // The log in Postgres has one writer anyway.
  if (replays && config.EVENTSTORE_URL !== undefined) {
    const owner = newId();
    const onLost = () => void ends.close();
    const holding = { workflowStore, timer: systemTimer, owner, log, signal, onLost };
    ends.add('turn of the replay', await holdReplay(holding));
  }
  const store = await openEventStore(config, connectionString, log);
  const { eventStore, lastAppend } = rememberingLastAppend(telemetry.overStore(store));
  ends.add('event store', eventStore.close);
  const own = { eventStore, connectionString, isServer: config.EVENTSTORE_URL !== undefined };
  await requireOwnLog(own);
  const code = await codeDigest();
  const folds = openFolds({ eventStore, connectionString, code, log, ends });
  const { sessions, control } = folds;
  const resumeFrom = await latestMarketTime({ control, sessions });
  const opened = await openMarket(config, { resumeFrom, signal, say: log.info });
  const market = telemetry.overMarket(opened.market);
  ends.add('market data', market.close);
  await bound({ eventStore, control, config, log, opened, resumeFrom });
  await keepOwnLog(own);
  const readModels = postgresReadModels({
    ...{ connectionString, views: viewDefinitions, log },
    notices: sharedState,
  });
  ends.add('views', readModels.close);
  const places = recordedPlaces((id) => locateFinding(readModels.readStore, id));
  return {
    ...{ eventStore, lastAppend, ...folds, market, readModels, workflowStore, places },
    ...{ sharedState, accessStore },
    codeDigest: code,
  };
};

/** One process shares with itself alone. */
const openSharedState = async (
  { REDIS_URL: url, EVENTSTORE_STREAM_PREFIX: prefix }: Config,
  log: ProgramLog,
): Promise<SharedState> =>
  url === undefined ? memorySharedState() : openRedis({ url, prefix, log });

/** Where EVENTSTORE_URL is set the log is there, and Postgres holds what is derived from it. */
const openEventStore = (config: Config, connectionString: string, log: ProgramLog) =>
  config.EVENTSTORE_URL === undefined
    ? openPostgresEventStore({ connectionString, now: systemClock, log })
    : openEventStoreDb({ url: config.EVENTSTORE_URL, prefix: config.EVENTSTORE_STREAM_PREFIX });

/** Binds the log, and says so of one that was begun before logs were bound. */
const bound = async ({
  eventStore,
  log,
  ...options
}: Parameters<typeof bindToMarket>[0] & {
  readonly eventStore: EventStore;
  readonly log: ProgramLog;
}): Promise<void> => {
  const isNew = (await eventStore.lastPosition()) === beforeAll;
  const { market, accounts } = await bindToMarket(options);
  if (!isNew && (market || accounts.length > 0))
    log.warn('from now on the log is bound to the market, the bars and the accounts of this start');
};

const openEmbedded = async (config: Config, log: ProgramLog, ends: Closing): Promise<string> => {
  const embedded = await startEmbeddedPostgres({ dataDir: config.SENTINEL_DATA_DIR, log });
  ends.add('embedded Postgres', embedded.stop);
  return embedded.connectionString;
};

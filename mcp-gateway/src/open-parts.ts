import { beforeAll, type EventStore } from '@sentinel/contracts/kernel';
import type { Config } from '@sentinel/infra/config';
import { openEventStoreDb, openPostgresEventStore } from '@sentinel/infra/event-store';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { postgresReadModels } from '@sentinel/infra/read-store';
import { codeDigest, newId, reasonOf, sha256, systemClock } from '@sentinel/infra/runtime';
import { openPostgresSnapshotStore } from '@sentinel/infra/snapshot-store';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import { openPostgresWorkflowStore } from '@sentinel/infra/workflow-store';
import { locateFinding, viewDefinitions } from '@sentinel/projections';
import { latestMarketTime, sessionStore } from '@sentinel/services/execution';
import { recordedPlaces } from '@sentinel/services/kernel';
import { controlRoom } from '@sentinel/services/risk';
import { bindToMarket } from './bind-log.ts';
import type { Closing } from './closing.ts';
import { rememberingLastAppend } from './last-append.ts';
import { openMarket } from './open-market.ts';

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens what everything stands on, in order; what is open already is closed when the rest fails. */
export const openParts = async (config: Config, log: ProgramLog, ends: Closing) => {
  const connectionString = config.DATABASE_URL ?? (await openEmbedded(config, log, ends));
  await migrate(connectionString);
  const store = await openEventStore(config, connectionString, log);
  const { eventStore, lastAppend } = rememberingLastAppend(store);
  ends.add('event store', eventStore.close);
  const code = await codeDigest();
  const sessions = openSessions({ eventStore, connectionString, code, log, ends });
  const resumeFrom = await latestMarketTime({ eventStore, newId, sessions });
  const opened = await openMarket(config, resumeFrom);
  const { market } = opened;
  ends.add('market data', market.close);
  await bound({ eventStore, config, log, opened, resumeFrom });
  const workflowStore = openPostgresWorkflowStore({ connectionString, log });
  ends.add('workflow leases', workflowStore.close);
  const readModels = postgresReadModels({ connectionString, views: viewDefinitions, log });
  ends.add('views', readModels.close);
  const places = recordedPlaces((id) => locateFinding(readModels.readStore, id));
  return {
    ...{ eventStore, lastAppend, sessions, market, readModels, workflowStore, places },
    codeDigest: code,
  };
};

/** Where EVENTSTORE_URL is set the log is there, and Postgres holds what is derived from it. */
const openEventStore = (config: Config, connectionString: string, log: ProgramLog) =>
  config.EVENTSTORE_URL === undefined
    ? openPostgresEventStore({ connectionString, now: systemClock, log })
    : openEventStoreDb({ url: config.EVENTSTORE_URL, prefix: config.EVENTSTORE_STREAM_PREFIX });

/** The sessions, which begin with the snapshots that this very code has made. */
const openSessions = ({
  eventStore,
  connectionString,
  code,
  log,
  ends,
}: {
  readonly eventStore: EventStore;
  readonly connectionString: string;
  readonly code: string;
  readonly log: ProgramLog;
  readonly ends: Closing;
}) => {
  const store = openPostgresSnapshotStore({
    ...{ connectionString, log },
    code: `${code} ${process.version}`,
  });
  ends.add('store of snapshots', store.close);
  const sessions = sessionStore({
    ...{ eventStore, newId, digest: sha256 },
    snapshots: {
      store,
      onProblem: (stream, error) =>
        log.warn(`the snapshot of ${stream} was left out: ${reasonOf(error)}`),
    },
  });
  ends.add('snapshots', sessions.settle);
  return sessions;
};

/** Binds the log, and says so of one that was begun before logs were bound. */
const bound = async ({
  eventStore,
  log,
  ...options
}: Omit<Parameters<typeof bindToMarket>[0], 'control'> & {
  readonly eventStore: EventStore;
  readonly log: ProgramLog;
}): Promise<void> => {
  const isNew = (await eventStore.lastPosition()) === beforeAll;
  const { market, accounts } = await bindToMarket({
    control: controlRoom({ eventStore, newId }),
    ...options,
  });
  if (!isNew && (market || accounts.length > 0))
    log.warn('from now on the log is bound to the market, the bars and the accounts of this start');
};

const openEmbedded = async (config: Config, log: ProgramLog, ends: Closing): Promise<string> => {
  const embedded = await startEmbeddedPostgres({ dataDir: config.SENTINEL_DATA_DIR, log });
  ends.add('embedded Postgres', embedded.stop);
  return embedded.connectionString;
};

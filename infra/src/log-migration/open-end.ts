import type { Config } from '../config/index.ts';
import { openEventStoreDb, openPostgresEventStore } from '../event-store/index.ts';
import { migrate, startEmbeddedPostgres } from '../postgres/index.ts';
import { type Log, systemClock } from '../runtime/index.ts';
import type { LogEnd } from './log-end.ts';
import { MigrationProblem } from './options.ts';

export type OpenedEnd = LogEnd & {
  /** The database, where it is one: what is derived from a log lies there. */
  readonly connectionString: string | undefined;
};

type Opening = {
  readonly config: Config;
  readonly log: Log;
  /** What is to be closed in the end, the last first. */
  readonly closing: (() => Promise<void>)[];
};

/** Opens what `--from` or `--to` names. A database is opened to write: who writes there is told apart. */
export const openEnd = async (named: string, opening: Opening): Promise<OpenedEnd> => {
  const { config } = opening;
  if (named === 'postgres') return openPostgres(config.DATABASE_URL, opening);
  if (/^postgres(ql)?:\/\//.test(named)) return openPostgres(named, opening);
  if (named === 'eventstore') return openServer(config.EVENTSTORE_URL, opening);
  if (/^(esdb|kurrentdb)(\+discover)?:\/\//.test(named)) return openServer(named, opening);
  throw new MigrationProblem(
    'A log is postgres, eventstore, postgres://… or esdb://…: name one of these.',
  );
};

const openPostgres = async (given: string | undefined, opening: Opening): Promise<OpenedEnd> => {
  const { closing, log } = opening;
  const connectionString = given ?? (await openEmbedded(opening));
  await migrate(connectionString);
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log });
  closing.push(store.close);
  return { name: 'Postgres', store, inOrder: true, connectionString };
};

const openEmbedded = async ({ config, log, closing }: Opening): Promise<string> => {
  const embedded = await startEmbeddedPostgres({ dataDir: config.SENTINEL_DATA_DIR, log });
  closing.push(embedded.stop);
  return embedded.connectionString;
};

const openServer = async (
  url: string | undefined,
  { config, closing }: Opening,
): Promise<OpenedEnd> => {
  if (url === undefined) throw new MigrationProblem('EVENTSTORE_URL is not set.');
  const store = await openEventStoreDb({ url, prefix: config.EVENTSTORE_STREAM_PREFIX });
  closing.push(store.close);
  // A server takes appends to several streams in whatever order they arrive.
  return { name: 'EventStoreDB', store, inOrder: false, connectionString: undefined };
};

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, parseConfig, secretsOf } from '@sentinel/infra/config';
import { openEventStoreDb, openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { freePort, type Log, newId, sha256, systemClock } from '@sentinel/infra/runtime';
import { openLog } from '@sentinel/infra/telemetry';
import { replayLog } from '@sentinel/services/audit';
import { type Authenticate, localOperator } from './auth/index.ts';
import { compose } from './compose.ts';
import { fixturesOf } from './fixtures-of.ts';
import { httpApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import type { Humans } from './log-in/index.ts';
import type { Sentinel } from './sentinel.ts';
import { openWatching } from './watching.ts';

/** The key by which a human at the machine would answer. */
export const testOperatorKey = 'k'.repeat(43);

/** With what digests of keys would be made. */
export const testPepper = 'p'.repeat(43);

/** Every session that a house wrote must come out the same when it is executed again; the longest are left out. */
const replaysEqual = async (
  { EVENTSTORE_URL: url, EVENTSTORE_STREAM_PREFIX: prefix, DATABASE_URL }: Config,
  log: Log,
): Promise<void> => {
  const postgres = { connectionString: `${DATABASE_URL}`, now: systemClock, log } as const;
  const eventStore =
    url === undefined
      ? await openPostgresEventStore({ ...postgres, mode: 'read' })
      : await openEventStoreDb({ url, prefix });
  const differences = await replayLog(eventStore, { digest: sha256, mostEvents: 5_000 });
  await eventStore.close();
  if (differences.length > 0) throw new Error(`replayed otherwise: ${differences.join('; ')}`);
};

export type TestHouse = {
  readonly url: (path: string) => URL;
  readonly sentinel: Sentinel;
  readonly stop: () => Promise<void>;
};

/** The whole house in this process, on a port of its own, and a database unless DATABASE_URL names one. */
export const startTestHouse = async (
  environment: Readonly<Record<string, string>> = {},
  authenticate: Authenticate = localOperator(),
  /** Where people log in to a house at this origin; nowhere unless it is given. */
  humansAt?: (origin: string) => Humans,
): Promise<TestHouse> => {
  const given = environment.DATABASE_URL;
  const database = given === undefined ? await createTestDatabase() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-house-'));
  const parsed = parseConfig({
    ...environment,
    SENTINEL_DATA_DIR: folder,
    DATABASE_URL: database?.connectionString ?? given,
  });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const log = openLog(join(folder, 'sentinel.log'), secretsOf(parsed.value));
  const instance = newId();
  const { telemetry, stop: stopWatching } = await openWatching(parsed.value, { instance, log });
  const sentinel = await compose(parsed.value, log, {
    signal: new AbortController().signal,
    telemetry,
  });
  const port = humansAt === undefined ? 0 : await freePort();
  const { app, close } = httpApp({
    instance,
    sentinel: () => sentinel,
    newId,
    telemetry,
    onFailure: (incident, error) => log.error(`incident ${incident}`, error),
    onError: (error) => log.error('a request failed', error),
    authenticate,
    fixtures: await fixturesOf(parsed.value),
    operatorKey: testOperatorKey,
    humans: humansAt?.(`http://localhost:${port}`),
    pepper: testPepper,
  });
  const listening = await listen(app, { host: '127.0.0.1', port });
  return {
    url: (path) => new URL(`http://127.0.0.1:${listening.port}${path}`),
    sentinel,
    stop: async () => {
      await close();
      await listening.close();
      await sentinel.stop();
      await stopWatching();
      await replaysEqual(parsed.value, log);
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

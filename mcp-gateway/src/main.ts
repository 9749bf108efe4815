import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { type Config, readConfig, secretsOf } from '@sentinel/infra/config';
import { databaseDiskFull, saysDiskFull } from '@sentinel/infra/postgres';
import {
  keepHeapSmall,
  newId,
  StartupError,
  systemClock,
  systemTimer,
} from '@sentinel/infra/runtime';
import { openLog, type ProgramLog } from '@sentinel/infra/telemetry';
import { type KeptPair, keepPair, watchPair } from '@sentinel/infra/tls';
import { adoptKeys, authenticating } from './authenticating.ts';
import { compose } from './compose.ts';
import { fixturesOf } from './fixtures-of.ts';
import { greet, outliveTerminal, say, sayLimits } from './greet.ts';
import { hearWebCrypto } from './hear-web-crypto.ts';
import { httpApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import { placeOf } from './http/place-of.ts';
import { keyPepper } from './keys/index.ts';
import { operatorKey } from './operator-key.ts';
import { reachOf } from './reach/index.ts';
import { addressOf, announce, publicAddressOf, refuseSecond } from './running/index.ts';
import type { Sentinel } from './sentinel.ts';
import { callLimits } from './throttle/index.ts';
import { openWatching } from './watching.ts';
import { wayInOf } from './way-in.ts';

/** Ends the program with one sentence. */
const giveUp = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const fileProblems: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and start again.',
  EDQUOT: 'The disk quota is used up: free some space and start again.',
};

/** What a person can act on; undefined for a bug, which keeps its stack. */
const sentenceOf = (error: unknown, config: Config): string | undefined => {
  if (error instanceof StartupError) return error.message;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR') {
    return `The data folder ${config.SENTINEL_DATA_DIR} cannot be written: make it writable for this account, or choose another with SENTINEL_DATA_DIR=….`;
  }
  if (error instanceof EventStoreUnavailable) {
    return saysDiskFull(error.message)
      ? databaseDiskFull(error).message
      : `The database went away during the start (${error.message}): see sentinel.log in the data folder, mend that, and start again.`;
  }
  return fileProblems[code];
};

/** The certificate of the settings, proved; undefined where they name none. @throws StartupError */
const pairOf = async (config: Config, log: ProgramLog): Promise<KeptPair | undefined> => {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, SENTINEL_PUBLIC_URL: url } = config;
  if (certFile === undefined || keyFile === undefined || url === undefined) return undefined;
  return keepPair({ certFile, keyFile, host: new URL(url).hostname, now: systemClock, log });
};

const watch = (pair: KeptPair | undefined, log: ProgramLog, signal: AbortSignal): void => {
  if (pair === undefined) return;
  watchPair(pair, { timer: systemTimer, signal }).catch((error: unknown) =>
    log.error('the certificate is no longer watched', error),
  );
};

/** Keys of the setting come into force before anybody is let in; which of them open nothing is said. */
const sayNamedKeys = async (config: Config, opened: Parameters<typeof adoptKeys>[1]) => {
  for (const sentence of await adoptKeys(config, opened)) say(`  ${sentence}`);
};

const run = async (config: Config, log: ProgramLog): Promise<void> => {
  let sentinel: Sentinel | undefined;
  let told: readonly string[] = [];
  const starting = new AbortController();
  const onError = (error: unknown): void => log.error('a request failed', error);
  const instance = newId();
  const pair = await pairOf(config, log);
  const watching = await openWatching(config, { instance, log });
  const { telemetry } = watching;
  const key = await operatorKey(config.SENTINEL_DATA_DIR);
  const pepper = await keyPepper(config);
  const {
    open,
    authenticate: byToken,
    ...way
  } = wayInOf(config, {
    ...{ newId, onError, onNotice: log.info, operatorKey: key },
    ...{ timer: systemTimer, signal: starting.signal },
  });
  const { app, close } = httpApp({
    instance,
    sentinel: () => sentinel,
    newId,
    telemetry,
    onFailure: (incident, error) => log.error(`incident ${incident}`, error),
    onError,
    authenticate: authenticating(config, {
      ...{ house: () => sentinel, operatorKey: key, pepper, byToken },
    }),
    // Its pages, what strangers are told, and the people whom the desk knows.
    ...way,
    // Without authentication everybody is one, at the machine, and nobody is kept from what is theirs.
    callLimits: config.SENTINEL_AUTH_ENABLED
      ? callLimits(() => sentinel?.count, systemTimer)
      : undefined,
    operatorKey: key,
    pepper,
    fixtures: await fixturesOf(config),
    deskAt: `${publicAddressOf(config)}/desk`,
    reach: reachOf(config),
    https: pair?.health,
    isGateway: config.SENTINEL_ROLES.includes('gateway'),
  });
  // The port comes first: a second Sentinel fails here, before it touches anything.
  await refuseSecond(config.SENTINEL_DATA_DIR);
  const listening = await listen(app, placeOf(config, pair));
  const withdraw = await announce(config.SENTINEL_DATA_DIR, {
    ...{ instance, url: addressOf(config), port: listening.port, startedAt: systemClock() },
  });

  watch(pair, log, starting.signal);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      say('Stopping …');
      starting.abort();
      await close();
      await listening.close();
      await composing.then((house) => house.stop()).catch(() => undefined);
      await watching.stop();
      await withdraw();
      log.flush();
      process.exit(0);
    })());
  const composing = compose(config, log, { signal: starting.signal, telemetry });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stop());
  try {
    const house = await composing;
    if (stopping !== undefined) return;
    await sayNamedKeys(config, { house, operatorKey: key, pepper });
    told = await open(house);
    sentinel = house;
  } catch (error) {
    if (stopping !== undefined) return;
    await listening.close();
    await watching.stop();
    await withdraw();
    throw error;
  }
  greet(config);
  for (const line of told) say(`  ${line}`);
  await sayLimits(sentinel);
};

keepHeapSmall();
const parsed = readConfig(process.env);
if (!parsed.ok) giveUp(`${parsed.refusal.message} ${parsed.refusal.remedy}`);
else {
  const { config, hints } = parsed.value;
  for (const hint of hints) process.stderr.write(`${hint}\n`);
  try {
    mkdirSync(config.SENTINEL_DATA_DIR, { recursive: true });
    const secrets = [await operatorKey(config.SENTINEL_DATA_DIR), ...secretsOf(config)];
    const log = openLog(join(config.SENTINEL_DATA_DIR, 'sentinel.log'), secrets);
    process.on('uncaughtException', (error) => {
      log.error('a bug ends the program', error);
      log.flush();
      process.exit(70);
    });
    outliveTerminal(log.info);
    hearWebCrypto(log.info);
    await run(config, log);
  } catch (error) {
    const sentence = sentenceOf(error, config);
    if (sentence === undefined) throw error;
    giveUp(sentence);
  }
}

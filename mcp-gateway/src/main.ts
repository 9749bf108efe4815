import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { type Config, readConfig } from '@sentinel/infra/config';
import { databaseDiskFull, saysDiskFull } from '@sentinel/infra/postgres';
import { newId, StartupError, systemClock } from '@sentinel/infra/runtime';
import { openLog, type ProgramLog } from '@sentinel/infra/telemetry';
import { compose } from './compose.ts';
import { fixturesOf } from './fixtures-of.ts';
import { httpApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import { operatorKey } from './operator-key.ts';
import { addressOf, announce, refuseSecond } from './running/index.ts';
import type { Sentinel } from './sentinel.ts';
import { baseOf, wayInOf } from './way-in.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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

const greet = (config: Config): void => {
  const address = addressOf(config);
  if (!config.SENTINEL_ROLES.includes('gateway')) {
    const roles = config.SENTINEL_ROLES.join(' and ');
    say(`Sentinel is ready as ${roles}, without a gateway. Its health: ${address}/health`);
    return;
  }
  const market = {
    mock: 'a simulated market',
    historical: `the bars in ${config.MARKET_DATA_DIR}`,
    alpaca: `Alpaca's live market, feed ${config.ALPACA_FEED}`,
  }[config.MARKET_DATA_PROVIDER];
  say(`Sentinel is ready at ${address}/mcp, trading on paper on ${market}.`);
  say(`  Claude Code:    claude mcp add --transport http sentinel ${address}/mcp`);
  say(
    `  Claude Desktop: command "npm", args ["run", "--silent", "stdio", "--prefix", "${process.cwd()}"]`,
  );
  if (config.CONFORMANCE)
    say(
      "  CONFORMANCE=1: tools, prompts and resources of the protocol's test suites are offered too. Not for use.",
    );
  say(
    config.SENTINEL_AUTH_ENABLED
      ? '  Authentication is on: a client asks for leave at its first call. Ctrl-C stops.'
      : '  Authentication is off: whoever can reach this loopback port can trade on paper. Ctrl-C stops.',
  );
};

/** Limits stand in the log; what the environment names beside them is said, and changes nothing. */
const sayLimits = async ({ limits }: Sentinel): Promise<void> => {
  const { inForce, differences } = await limits.compare();
  if (differences.length === 0) return;
  const shown = differences.map((each) => `${each.limit} ${each.inForce}, not ${each.wanted}`);
  say(
    `  Limits: version ${inForce.version} of the log is in force, which the environment would change (${shown.join('; ')}). Run "npm run limits" to look at that and adopt it.`,
  );
};

const run = async (config: Config, log: ProgramLog): Promise<void> => {
  let sentinel: Sentinel | undefined;
  const starting = new AbortController();
  const onError = (error: unknown): void => log.error('a request failed', error);
  const instance = newId();
  const way = wayInOf(config, { newId, onError });
  const { app, close } = httpApp({
    instance,
    sentinel: () => sentinel,
    newId,
    onFailure: (incident, error) => log.error(`incident ${incident}`, error),
    onError,
    ...way,
    operatorKey: await operatorKey(config.SENTINEL_DATA_DIR),
    fixtures: await fixturesOf(config),
    deskAt: `${config.SENTINEL_AUTH_ENABLED ? baseOf(config).origin : addressOf(config)}/desk`,
    isGateway: config.SENTINEL_ROLES.includes('gateway'),
  });
  // The port comes first: a second Sentinel fails here, before it touches anything.
  await refuseSecond(config.SENTINEL_DATA_DIR);
  const listening = await listen(app, { host: config.HOST, port: config.PORT });
  const withdraw = await announce(config.SENTINEL_DATA_DIR, {
    ...{ instance, url: addressOf(config), port: listening.port, startedAt: systemClock() },
  });

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      say('Stopping …');
      starting.abort();
      await close();
      await listening.close();
      await composing.then((house) => house.stop()).catch(() => undefined);
      await withdraw();
      log.flush();
      process.exit(0);
    })());
  const composing = compose(config, log, starting.signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stop());
  try {
    const house = await composing;
    if (stopping !== undefined) return;
    for (const line of await way.open(house)) say(`  ${line}`);
    sentinel = house;
  } catch (error) {
    if (stopping !== undefined) return;
    await listening.close();
    await withdraw();
    throw error;
  }
  greet(config);
  await sayLimits(sentinel);
};

const parsed = readConfig(process.env);
if (!parsed.ok) giveUp(`${parsed.refusal.message} ${parsed.refusal.remedy}`);
else {
  const { config, hints } = parsed.value;
  for (const hint of hints) process.stderr.write(`${hint}\n`);
  try {
    mkdirSync(config.SENTINEL_DATA_DIR, { recursive: true });
    const log = openLog(join(config.SENTINEL_DATA_DIR, 'sentinel.log'));
    process.on('uncaughtException', (error) => {
      log.error('a bug ends the program', error);
      log.flush();
      process.exit(70);
    });
    await run(config, log);
  } catch (error) {
    const sentence = sentenceOf(error, config);
    if (sentence === undefined) throw error;
    giveUp(sentence);
  }
}

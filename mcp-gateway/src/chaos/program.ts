import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEmbeddedPostgres } from '@sentinel/infra/postgres';

/** Where a Sentinel of our own runs: on nobody else's data and port. */
export type Site = { readonly dataDir: string; readonly port: number };

/** The real program as a process of its own. */
export type Program = {
  /** What it ended with: its exit code, or the signal that ended it; undefined while it runs. */
  readonly ended: () => number | string | undefined;
  readonly output: () => string;
  /** Ends it at once, without a chance to put anything in order. */
  readonly kill: () => Promise<void>;
  /** Asks it to stop, as Ctrl-C does. Answers what it ended with. */
  readonly stop: () => Promise<number | string>;
};

/** The program did not do by itself what it must; the run cannot go on. */
export class ChaosFailure extends Error {
  override readonly name = 'ChaosFailure';
}

const keptCharacters = 20_000;
const lookEveryMs = 20;
const stopWithinMs = 60_000;

/** Limits that no order of the run reaches, so that what is denied is denied for a reason of its own. */
const limits = {
  MAX_ORDERS_PER_SECOND: '1000000',
  MAX_ORDERS_PER_MINUTE: '10000000',
  MAX_ORDERS_PER_DAY: '100000000',
  MAX_POSITION_PCT: '1',
  MAX_GROSS_EXPOSURE_PCT: '10',
  MAX_CONCURRENT_POSITIONS: '10000',
  MAX_TRADE_RISK_PCT: '1',
  MAX_DAILY_DRAWDOWN_PCT: '1',
  PAPER_STARTING_CASH: '10000000',
};

export const addressOf = ({ port }: Site): string => `http://127.0.0.1:${port}`;

/** The database that runs on this site's own data folder now; undefined when there is none. */
export const postmasterOf = ({ dataDir }: Site) => findEmbeddedPostgres(dataDir);

/** The log on a server, where EVENTSTORE_URL names one: each site has streams of its own there. */
export const serverOf = ({
  dataDir,
}: Site): { readonly url: string; readonly prefix: string } | undefined => {
  const url = process.env.EVENTSTORE_URL;
  const prefix = `${basename(dataDir).replaceAll('-', '.').toLowerCase()}.`;
  return url === undefined ? undefined : { url, prefix };
};

export const startProgram = (site: Site): Program => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: {
      ...process.env,
      ...limits,
      ...{ PORT: `${site.port}`, SENTINEL_DATA_DIR: site.dataDir },
      EVENTSTORE_STREAM_PREFIX: serverOf(site)?.prefix,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptCharacters);
    });
  }
  const closed = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
  const ended = () => child.exitCode ?? child.signalCode ?? undefined;
  return {
    ended,
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    stop: async () => {
      child.kill('SIGINT');
      const late = sleep(stopWithinMs, 'late', { ref: false });
      const how = await Promise.race([closed, late]);
      if (how === 'late') throw new ChaosFailure(`it did not stop within ${stopWithinMs} ms`);
      return how;
    },
  };
};

/** Waits until every part says that it is ready. Answers the milliseconds that it took. */
export const becomesReady = async (
  program: Program,
  site: Site,
  withinMs: number,
): Promise<number> => {
  const begin = performance.now();
  for (let tookMs = 0; tookMs < withinMs; tookMs = performance.now() - begin) {
    if (program.ended() !== undefined) {
      throw new ChaosFailure(`it ended with ${program.ended()} on its own: ${program.output()}`);
    }
    const signal = AbortSignal.timeout(withinMs);
    // Refused, reset or late: it is not there yet, and the loop's bound says when that is too long.
    const answer = await fetch(`${addressOf(site)}/health`, { signal }).catch(() => undefined);
    if (answer?.ok) return performance.now() - begin;
    await sleep(lookEveryMs);
  }
  throw new ChaosFailure(`it was not ready within ${withinMs} ms: ${program.output()}`);
};

import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@sentinel/infra/runtime';

export type Running = { readonly url: string; readonly stop: () => Promise<void> };

/** A start on a million events whose views are not there builds them first. */
const readyWithinMs = 600_000;

const ended = (child: ReturnType<typeof spawn>): Promise<void> =>
  new Promise((resolve) =>
    child.exitCode === null ? child.once('exit', () => resolve()) : resolve(),
  );

/** Starts a TypeScript entry of ours as a process of its own. */
const launch = (entry: string, env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, [join(import.meta.dirname, entry)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** A data folder of its own, which the user that runs the database can pass through. */
export const ownFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-'));
  await chmod(folder, 0o711);
  return folder;
};

/** What the bare SDK server needs to serve HTTPS, to whoever shows this token. */
type EchoSecurity = {
  readonly TLS_CERT_FILE: string;
  readonly TLS_KEY_FILE: string;
  readonly ECHO_TOKEN: string;
};

/** The bare SDK server. */
export const startEcho = async (security?: EchoSecurity): Promise<Running> => {
  const child = launch('echo-server.ts', { ...process.env, ...security });
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(`${data}`.trim())),
  );
  return {
    url: `${security === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${port}/mcp`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
};

/** Limits that a benchmark does not reach. */
export const limits = {
  MAX_ORDERS_PER_SECOND: '1000000',
  MAX_ORDERS_PER_MINUTE: '10000000',
  MAX_ORDERS_PER_DAY: '100000000',
  MAX_POSITION_PCT: '1',
  MAX_GROSS_EXPOSURE_PCT: '10',
  MAX_CONCURRENT_POSITIONS: '10000',
  PAPER_STARTING_CASH: '10000000',
};

export type RunningSentinel = Running & { readonly dataDir: string };

/** The whole program on a data folder of its own. */
export const startSentinel = async (): Promise<RunningSentinel> => {
  const dataDir = await ownFolder();
  const { url, stop } = await startSentinelOn(dataDir);
  return {
    url,
    dataDir,
    stop: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** How one start went: milliseconds until it was ready, and the most memory that the process took. */
export type Started = {
  readonly url: string;
  readonly readyMs: number;
  readonly stop: () => Promise<{ readonly peakBytes: number }>;
};

/** The whole program on the data in `dataDir`, which it leaves as it is; `withinMs` it must be ready. */
export const startSentinelOn = async (
  dataDir: string,
  withinMs = readyWithinMs,
): Promise<Started> => {
  const port = await freePort();
  const begin = performance.now();
  const preloaded = ['--import', join(import.meta.dirname, 'report-memory.ts')];
  const child = spawn(process.execPath, [...preloaded, join(import.meta.dirname, '../main.ts')], {
    env: { ...process.env, ...limits, PORT: `${port}`, SENTINEL_DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const base = `http://127.0.0.1:${port}`;
  await ready(`${base}/health`, withinMs);
  return {
    url: `${base}/mcp`,
    readyMs: performance.now() - begin,
    stop: async () => {
      child.kill('SIGTERM');
      await ended(child);
      const peak = /^peak memory (\d+) kB$/m.exec(said)?.[1];
      if (peak === undefined) throw new Error(`the program did not end as it should: ${said}`);
      return { peakBytes: Number(peak) * 1024 };
    },
  };
};

const ready = async (health: string, withinMs: number): Promise<void> => {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the program did not become ready');
};

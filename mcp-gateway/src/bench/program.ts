import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';

export type Running = { readonly url: string; readonly stop: () => Promise<void> };

const readyWithinMs = 60_000;

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

/** The bare SDK server. */
export const startEcho = async (): Promise<Running> => {
  const child = launch('echo-server.ts', process.env);
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(`${data}`.trim())),
  );
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
};

/** The whole program on a data folder of its own, with limits that a benchmark does not reach. */
export const startSentinel = async (): Promise<Running> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sentinel-bench-'));
  const port = await freePort();
  const limits = {
    MAX_ORDERS_PER_SECOND: '1000000',
    MAX_ORDERS_PER_MINUTE: '10000000',
    MAX_ORDERS_PER_DAY: '100000000',
    MAX_POSITION_PCT: '1',
    MAX_GROSS_EXPOSURE_PCT: '10',
    PAPER_STARTING_CASH: '10000000',
  };
  const child = launch('../main.ts', {
    ...process.env,
    ...limits,
    PORT: `${port}`,
    SENTINEL_DATA_DIR: dataDir,
  });
  const base = `http://127.0.0.1:${port}`;
  await ready(`${base}/health`);
  return {
    url: `${base}/mcp`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended(child);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

const ready = async (health: string): Promise<void> => {
  for (const deadline = performance.now() + readyWithinMs; performance.now() < deadline; ) {
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the program did not become ready');
};

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

/** The program as a process of its own, that can be killed and started again on the same data. */
export type Victim = {
  readonly url: string;
  /** Starts it and waits until it is ready. @throws Error when it is not within a minute */
  readonly start: () => Promise<void>;
  /** Starts it and does not wait. */
  readonly launch: () => void;
  /** SIGKILL to the program alone: its database lives on without it. */
  readonly killProgram: () => Promise<void>;
  /** SIGKILL to the database's first process alone. Does nothing while there is none. */
  readonly killDatabase: () => Promise<void>;
  /** Ctrl-C, and its exit code. */
  readonly stop: () => Promise<number | null>;
};

const readyWithinMs = 60_000;

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** Limits that a stream of orders does not reach. */
const limits = {
  MAX_ORDERS_PER_SECOND: '1000000',
  MAX_ORDERS_PER_MINUTE: '10000000',
  MAX_ORDERS_PER_DAY: '100000000',
  MAX_POSITION_PCT: '1',
  MAX_GROSS_EXPOSURE_PCT: '10',
  PAPER_STARTING_CASH: '10000000',
};

export const victim = async (dataDir: string): Promise<Victim> => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  const launch = (): void => {
    child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], {
      env: { ...process.env, ...limits, PORT: `${port}`, SENTINEL_DATA_DIR: dataDir },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  };

  const ready = async (): Promise<void> => {
    let said = '';
    child?.stderr?.on('data', (text) => {
      said += text;
    });
    for (const deadline = performance.now() + readyWithinMs; performance.now() < deadline; ) {
      if (child?.exitCode !== null) break;
      const answer = await fetch(`${base}/health`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(25);
    }
    throw new Error(`the program did not become ready: ${said}`);
  };

  /** The first process of the database in this data folder, as its own lock file names it. */
  const postmaster = async (): Promise<number | undefined> => {
    const lines = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(
      () => '',
    );
    const pid = Number(lines.split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  };

  return {
    url: `${base}/mcp`,
    launch,
    start: async () => {
      launch();
      await ready();
    },
    killProgram: async () => {
      if (child === undefined) return;
      child.kill('SIGKILL');
      await ended(child);
    },
    killDatabase: async () => {
      const pid = await postmaster();
      if (pid === undefined) return;
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        // It has just ended by itself, and its lock file is what remains.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
    stop: async () => {
      if (child === undefined) return null;
      child.kill('SIGINT');
      await ended(child);
      return child.exitCode;
    },
  };
};

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { freePort } from '@sentinel/infra/runtime';

export type Ran = { readonly out: string; readonly err: string; readonly code: number };

/** The real program, with authentication, as a process of its own on a database of its own. */
export type TestProgram = {
  /** Where people and clients find it. */
  readonly base: URL;
  readonly folder: string;
  readonly connectionString: string;
  /** All that it and the commands beside it wrote to a terminal. */
  readonly heard: () => string;
  readonly log: () => Promise<string>;
  /** Starts it, once more after a stop, and waits until it has said this. Answers what it said of it. */
  readonly start: (until?: RegExp) => Promise<string>;
  /** Runs another command of ours beside it, by its file seen from here. */
  readonly run: (command: string, ...args: readonly string[]) => Promise<Ran>;
  /** Asks it to stop. Answers its exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it however it stands, and removes what is its own. */
  readonly dispose: () => Promise<void>;
};

const script = (name: string): string => join(import.meta.dirname, `${name}.ts`);

type Place = { readonly folder: string; readonly port: number; readonly connectionString: string };

export const testProgram = async (
  environmentAt: (place: Place) => Promise<Readonly<Record<string, string>>> = async () => ({}),
): Promise<TestProgram> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-program-'));
  const database = await createTestDatabase();
  const { connectionString } = database;
  const port = await freePort();
  const env = {
    ...{ PATH: process.env.PATH ?? '', PORT: `${port}`, SENTINEL_AUTH_ENABLED: 'true' },
    ...{ SENTINEL_DATA_DIR: folder, DATABASE_URL: connectionString },
    ...(await environmentAt({ folder, port, connectionString })),
  };
  let heard = '';
  let child: ChildProcess | undefined;

  const start = async (until = /ready at/): Promise<string> => {
    const started = spawn(process.execPath, [script('main')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const before = heard.length;
    return new Promise((resolve, reject) => {
      for (const stream of [started.stdout, started.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          heard += text;
          const [said] = until.exec(heard.slice(before)) ?? [];
          if (said !== undefined) resolve(said);
        });
      started.once('exit', () =>
        reject(new Error(`it ended before it was ready: ${heard.slice(before)}`)),
      );
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = await exit;
    return code;
  };
  return {
    base: new URL(`http://localhost:${port}`),
    ...{ folder, connectionString },
    heard: () => heard,
    log: () => readFile(join(folder, 'sentinel.log'), 'utf8'),
    start,
    run: (command, ...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [script(command), ...args], { env }, (error, out, err) => {
          heard += out + err;
          resolve({ out, err, code: error === null ? 0 : Number(error.code) });
        });
      }),
    stop: () => end('SIGINT'),
    dispose: async () => {
      await end('SIGKILL');
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

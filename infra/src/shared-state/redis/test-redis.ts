import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { freePort } from '../../runtime/index.ts';

const program = [
  process.env.REDIS_SERVER_PATH,
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
]
  .concat('/opt/homebrew/bin/redis-server')
  .find((path) => path !== undefined && existsSync(path));

/** Why no server can be started here; undefined where one can. */
export const whyNoTestRedis: string | undefined =
  program === undefined
    ? 'no redis-server is installed: Debian has it as redis-server; REDIS_SERVER_PATH names another'
    : undefined;

export type TestRedis = {
  readonly port: number;
  readonly url: string;
  /** Ends it at once, as a crash does; it keeps nothing. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port. */
  readonly restart: () => Promise<void>;
};

/** A real server of this test's own, which keeps its data in memory alone. */
export const startTestRedis = async (
  settings: readonly string[] = [],
  ofPort: (port: number) => readonly string[] = (port) => ['--port', `${port}`],
): Promise<TestRedis> => {
  if (program === undefined) throw new Error(whyNoTestRedis);
  const port = await freePort();
  const usual = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const begun = spawn(program, [...ofPort(port), ...usual, ...settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = begun;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      begun.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Ready to accept connections')) resolve();
      });
      begun.once('exit', () => reject(new Error(`redis-server has ended: ${said}`)));
    });
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    restart: start,
  };
};

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { freePort } from '@sentinel/infra/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerFile, serverFilePath, writeServerFile } from './server-file.ts';

type Ran = { readonly out: string; readonly err: string; readonly code: number };

let folder = '';
let env: Record<string, string> = {};
let started: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sentinel-running-'));
  const envFile = join(folder, '.env');
  env = { PATH: process.env.PATH ?? '', SENTINEL_DATA_DIR: folder, SENTINEL_ENV_FILE: envFile };
});
afterEach(async () => {
  if (started !== undefined && started.exitCode === null && started.signalCode === null) {
    started.kill('SIGKILL');
    await once(started, 'exit');
  }
  started = undefined;
  await rm(folder, { recursive: true, force: true });
});

const script = (name: string): string => join(import.meta.dirname, '..', `${name}.ts`);
const run = (name: string, extra: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { env: { ...env, ...extra } };
    execFile(process.execPath, [script(name)], options, (error, out, err) =>
      resolve({ out, err, code: error === null ? 0 : Number(error.code) }),
    );
  });

const startServer = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [script('main')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started = child;
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      if (`${text}`.includes('ready at')) resolve();
    });
  });
  return child;
};

test('a start on another port is found by every command, refuses a second one, and is stopped once', async () => {
  const database = await createTestDatabase();
  const port = await freePort();
  await writeFile(
    join(folder, '.env'),
    `PORT=${port}\nDATABASE_URL=${database.connectionString}\nMARKET_SED=7\n`,
  );
  expect(await run('status')).toMatchObject({
    code: 3,
    out: expect.stringContaining('No Sentinel runs'),
  });
  const server = await startServer();
  const ended = once(server, 'exit');

  const elsewhere = { PORT: `${await freePort()}` };
  const status = await run('status', elsewhere);
  expect(status.code).toBe(0);
  expect(status.out).toContain(`process ${server.pid} at http://127.0.0.1:${port}/mcp, since 2`);
  expect(status.out).toMatch(/views +ready: .*\n(.*\n)*Halts: none\nNeeds a decision: none\n$/);
  expect(status.err).toContain('is MARKET_SEED meant?');
  expect((await run('limits', elsewhere)).err).not.toContain('No Sentinel');
  const second = await run('main', elsewhere);
  expect(second).toMatchObject({
    code: 1,
    err: expect.stringContaining(`process ${server.pid} at`),
  });
  const other = await run('main', { SENTINEL_DATA_DIR: join(folder, 'other') });
  expect(other.err).toContain(
    process.platform === 'linux' ? `is taken by process ${server.pid} (` : 'is taken by',
  );

  // Nobody reads any more what it prints: the window is closed, or a log's reader has ended.
  server.stdout?.destroy();
  server.stderr?.destroy();
  expect(await run('stop', elsewhere)).toMatchObject({
    code: 0,
    out: expect.stringContaining('cleanly'),
  });
  expect(await ended).toEqual([0, null]);
  expect(existsSync(serverFilePath(folder))).toBe(false);
  expect(await run('stop')).toMatchObject({
    code: 0,
    out: expect.stringContaining('nothing to stop'),
  });
  await database.drop();
}, 90_000);

test('a file that was left is not taken for a server, whoever has its port and its process id now', async () => {
  let instance = 'another';
  const health = { version: '0.1.0', components: [] };
  const stranger = createServer((_request, response) => {
    response.end(JSON.stringify({ ...health, instance }));
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = stranger.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const file: ServerFile = {
    ...{ instance: 'left', pid: bystander.pid ?? 0, port, url: `http://127.0.0.1:${port}` },
    ...{ started_at: '2026-11-27T09:00:00Z', version: '0.1.0' },
  };
  await writeServerFile(folder, file);
  expect(await run('status')).toMatchObject({
    code: 3,
    out: expect.stringContaining('without saying so'),
  });
  expect(await run('stop')).toMatchObject({
    code: 0,
    out: expect.stringContaining('nothing to stop'),
  });
  expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);

  instance = 'left';
  const status = await run('status');
  expect(status).toMatchObject({
    code: 0,
    out: expect.stringContaining('do not take this for calm'),
  });
  const gone = once(bystander, 'exit');
  expect((await run('stop')).out).toContain('and not cleanly');
  await gone;
  stranger.close();
}, 60_000);

test('a file that cannot be understood is neither running nor not', async () => {
  await writeFile(serverFilePath(folder), '{');
  expect(await run('status')).toMatchObject({ code: 4, out: expect.stringContaining('not clear') });
  expect(await run('stop')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nothing was stopped'),
  });
});

test('a malformed line of .env stops the start with file and line', async () => {
  await writeFile(join(folder, '.env'), 'PORT 3100\n');
  const { code, err } = await run('main');
  expect([code, err]).toEqual([
    1,
    `${join(folder, '.env')}: line 1 is not of the form NAME=value. Correct that line and start again.\n`,
  ]);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { ask, makeTestFolder } from './test-database.ts';

const log = { info: () => undefined, warn: () => undefined };

let dataDir: string;
let running: EmbeddedPostgres[];
let children: ChildProcess[];
beforeEach(async () => {
  dataDir = await makeTestFolder();
  running = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const { stop } of running) await stop();
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (): Promise<EmbeddedPostgres> => {
  const started = await startEmbeddedPostgres({ dataDir, log });
  running.push(started);
  return started;
};

const askPatiently = async (connectionString: string, statement: string): Promise<unknown> => {
  return vi.waitFor(() => ask(connectionString, statement), { interval: 50, timeout: 20_000 });
};

const postmasterPid = async (): Promise<number> =>
  Number(
    (await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0],
  );

/** Another Sentinel, in a process of its own that can be killed. */
const startElsewhere = async (): Promise<{
  readonly child: ChildProcess;
  readonly connectionString: string;
}> => {
  const module = new URL('./embedded.ts', import.meta.url).href;
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const log = { info: () => undefined, warn: () => undefined };
    const { connectionString } = await startEmbeddedPostgres({ dataDir: process.argv[1], log });
    console.log(connectionString);
    setInterval(() => undefined, 1000);`;
  const child = spawn(
    process.execPath,
    ['--input-type=module-typescript', '-e', program, dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, connectionString: line.toString('utf8').trim() };
};

const killed = async (child: ChildProcess): Promise<void> => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

describe('the embedded database', () => {
  test('keeps its data and its address over a restart', async () => {
    const first = await start();
    await ask(first.connectionString, 'create table kept as select 42 as n');
    await first.stop();
    await expect(ask(first.connectionString, 'select 1')).rejects.toThrow();
    const second = await start();
    expect(second.connectionString).toBe(first.connectionString);
    expect(await ask(second.connectionString, 'select n from kept')).toBe(42);
    expect(await ask(second.connectionString, 'show fsync')).toBe('on');
    expect(await ask(second.connectionString, 'show data_checksums')).toBe('on');
    expect(await ask(second.connectionString, 'show server_encoding')).toBe('UTF8');
  });

  test('asks for its password', async () => {
    const { connectionString } = await start();
    const wrong = new URL(connectionString);
    wrong.password = 'guess';
    await expect(ask(wrong.toString(), 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  test('comes back by itself when the server is killed under a running Sentinel', async () => {
    const { connectionString } = await start();
    await ask(connectionString, 'create table kept as select 42 as n');
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    expect(await askPatiently(connectionString, 'select n from kept')).toBe(42);
    expect(await postmasterPid()).not.toBe(pid);
  });

  test('takes over the server of a killed Sentinel', async () => {
    const { child, connectionString } = await startElsewhere();
    await ask(connectionString, 'create table kept as select 42 as n');
    const pid = await postmasterPid();
    await killed(child);
    const next = await start();
    expect(await postmasterPid()).toBe(pid);
    expect(await ask(next.connectionString, 'select n from kept')).toBe(42);
  });

  test('recovers when Sentinel and server were both killed', async () => {
    const { child, connectionString } = await startElsewhere();
    await ask(connectionString, 'create table kept as select 42 as n');
    const pid = await postmasterPid();
    await killed(child);
    process.kill(pid, 'SIGKILL');
    const next = await start();
    expect(await ask(next.connectionString, 'select n from kept')).toBe(42);
  });

  test('starts the server again when it dies as Sentinel comes to it', async () => {
    const { child, connectionString } = await startElsewhere();
    await ask(connectionString, 'create table kept as select 42 as n');
    const pid = await postmasterPid();
    await killed(child);
    // It takes the connection, and is gone before it has answered.
    process.kill(pid, 'SIGSTOP');
    const starting = start();
    await sleep(500);
    process.kill(pid, 'SIGKILL');
    const next = await starting;
    expect(await postmasterPid()).not.toBe(pid);
    expect(await ask(next.connectionString, 'select n from kept')).toBe(42);
  });

  test('refuses a folder that another Sentinel uses, and leaves that one in peace', async () => {
    const { connectionString } = await startElsewhere();
    await expect(start()).rejects.toMatchObject({
      code: 'data-dir-in-use',
      message: expect.stringMatching(/^Another Sentinel is running on .*: stop it first, or .*\.$/),
    });
    expect(await ask(connectionString, 'select 1')).toBe(1);
  });

  test('two that start at once on an empty folder: one wins, the other one is told', async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'data-dir-in-use' },
    });
    expect(await ask(running[0]?.connectionString ?? '', 'select 1')).toBe(1);
  });

  test('is not misled by a process number that belongs to somebody else now', async () => {
    const { stop } = await start();
    await stop();
    const data = join(dataDir, 'postgres', 'data');
    const lines = [process.pid, data, 1_700_000_000, 5_432, '', '127.0.0.1', '', 'ready', ''];
    await writeFile(join(data, 'postmaster.pid'), lines.join('\n'));
    expect(await ask((await start()).connectionString, 'select 1')).toBe(1);
  });

  test('moves when its port is taken', async () => {
    const first = await start();
    await first.stop();
    const { port } = new URL(first.connectionString);
    const squatter = createServer().listen(Number(port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    squatter.close();
    expect(second.connectionString).not.toBe(first.connectionString);
    expect(await ask(second.connectionString, 'select 1')).toBe(1);
  });
});

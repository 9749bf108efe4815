import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { ask, makeTestFolder } from './test-database.ts';

const log = { info: () => undefined, warn: () => undefined };
const isRoot = process.getuid?.() === 0;

let dataDir: string;
let running: EmbeddedPostgres[];
beforeEach(async () => {
  dataDir = await makeTestFolder();
  running = [];
});
afterEach(async () => {
  for (const { stop } of running) await stop();
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (): Promise<EmbeddedPostgres> => {
  const started = await startEmbeddedPostgres({ dataDir, log });
  running.push(started);
  return started;
};

describe('a data folder that cannot be used is named in one sentence', () => {
  test('written by another major version', async () => {
    const { stop } = await start();
    await stop();
    await writeFile(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toMatchObject({
      code: 'wrong-postgres-major',
      message: expect.stringMatching(/^The data in .* PostgreSQL 17 .* PostgreSQL 18: .*\.$/),
    });
  });

  test('below a file', async () => {
    await writeFile(join(dataDir, 'file'), '');
    const below = startEmbeddedPostgres({ dataDir: join(dataDir, 'file', 'data'), log });
    await expect(below).rejects.toMatchObject({
      code: 'data-dir-unusable',
      message: expect.stringMatching(/^The data folder .*: make it writable .*\.$/),
    });
  });

  test('not writable', async (context) => {
    if (isRoot) context.skip('root may write everywhere');
    await chmod(dataDir, 0o500);
    await expect(start()).rejects.toMatchObject({ code: 'data-dir-unusable' });
    await chmod(dataDir, 0o700);
  });

  test('with damaged settings', async () => {
    const { stop } = await start();
    await stop();
    await writeFile(join(dataDir, 'postgres', 'settings.json'), '{"port":');
    await expect(start()).rejects.toMatchObject({ code: 'data-dir-unusable' });
  });

  test('a first start that was killed half-way is begun anew', async () => {
    await mkdir(join(dataDir, 'postgres.new-0/data'), { recursive: true });
    expect(await ask((await start()).connectionString, 'select 1')).toBe(1);
  });

  test('where the server, which is not root, cannot get through, the data lies elsewhere', async (context) => {
    if (!isRoot) context.skip('only root runs the server as another user');
    const closed = await mkdtemp(join(tmpdir(), 'sentinel-closed-'));
    const inside = { dataDir: join(closed, 'data'), log };
    const first = await startEmbeddedPostgres(inside);
    await ask(first.connectionString, 'create table kept as select 42 as n');
    await first.stop();
    const place = (await readFile(join(closed, 'data', 'postgres-location'), 'utf8')).trim();
    expect(await readdir(place)).toContain('data');
    const second = await startEmbeddedPostgres(inside);
    expect(await ask(second.connectionString, 'select n from kept')).toBe(42);
    await second.stop();
    await rm(place, { recursive: true });
    await rm(closed, { recursive: true });
  });
});

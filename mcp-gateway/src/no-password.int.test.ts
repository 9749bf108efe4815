import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestFake, type TestFake, testAuthority } from '@sentinel/infra/event-store';
import { createTestDatabase, type TestDatabase } from '@sentinel/infra/postgres';
import { freePort } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testClient } from './test-client.ts';

// With an @, a % and a colon in it, since these are what addresses are taken apart at.
const canary = 'canary-5c1f:%@/x';
const wrong = 'canary-0d7e';
const root = join(import.meta.dirname, '..', '..');
/** It starts the program five times over, which the ordinary tests have no time for. */
const startedBy = 'test:eventstore';
const isAsked = process.env.npm_lifecycle_event === startedBy;
const reason = isAsked ? '' : ` (only npm run ${startedBy} tries it)`;

let fake: TestFake;
let database: TestDatabase;
let folder: string;
let port: number;
let isGone = false;
const children: ChildProcess[] = [];
/** Everything that anybody could read. */
const heard: string[] = [];

beforeAll(async () => {
  if (!isAsked) return;
  const authority = testAuthority('Ours');
  folder = await mkdtemp(join(tmpdir(), 'sentinel-password-'));
  await writeFile(join(folder, 'ours.crt'), authority.certificate);
  fake = await openTestFake({ identity: authority.issue(), password: canary });
  database = await createTestDatabase();
  port = await freePort();
});
afterAll(async () => {
  if (!isAsked) return;
  for (const child of children) child.kill('SIGKILL');
  if (!isGone) await fake.dispose();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const address = (password: string) =>
  `esdb://ops:${encodeURIComponent(password)}@localhost:${fake.port}?tls=true&tlsCAFile=${encodeURIComponent(join(folder, 'ours.crt'))}`;

/** A command of ours with that password; its words are heard, whatever becomes of it. */
const run = (script: string, args: readonly string[], url = address(canary)) => {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    env: {
      ...process.env,
      ...{ EVENTSTORE_URL: url, DATABASE_URL: database.connectionString },
      ...{ SENTINEL_DATA_DIR: join(folder, 'data'), PORT: `${port}` },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      heard.push(text);
    });
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, said }));
  return { child, ended, said: () => said };
};

const health = async (): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  const text = (await response?.text()) ?? '';
  heard.push(text);
  return text;
};

test.skipIf(!isAsked)(
  `no command, no answer and no log says the password of the log, right or wrong${reason}`,
  async () => {
    // One that is refused says so once, with the setting and the user, and ends.
    const refused = [
      run('mcp-gateway/src/main.ts', [], address(wrong)),
      run('infra/src/log-migration/main.ts', ['--from', 'postgres', '--to', address(wrong)]),
    ];
    const ends = await Promise.all(refused.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([1, 1]);
    for (const { said } of ends)
      expect(said).toMatch(/^EVENTSTORE_URL: .*localhost:\d+ refuses the user "ops"/m);

    const program = run('mcp-gateway/src/main.ts', []);
    await expect
      .poll(async () => `${await health()} ${program.said()}`, { timeout: 60_000 })
      .toContain('"state":"ready"');
    const client = await testClient({ url: (path) => new URL(`http://127.0.0.1:${port}${path}`) });
    heard.push(JSON.stringify(await client.call('system_health')));
    await Promise.all(
      [
        run('mcp-gateway/src/status.ts', []),
        run('mcp-gateway/src/rebuild.ts', ['--all', '--dry-run']),
      ].map(({ ended }) => ended),
    );
    // The server goes away under the program.
    await fake.dispose();
    isGone = true;
    await expect.poll(health, { timeout: 60_000 }).toContain('"state":"failed"');
    heard.push(JSON.stringify(await client.call('system_health')));
    heard.push(await client.refusal('projections_status'));
    await client.close();
    program.child.kill('SIGTERM');
    await program.ended;
    heard.push(await readFile(join(folder, 'data', 'sentinel.log'), 'utf8'));

    const all = heard.join('\n');
    expect(all).toContain('event log');
    for (const secret of [canary, wrong]) {
      const basic = Buffer.from(`ops:${secret}`).toString('base64');
      for (const form of [secret, encodeURIComponent(secret), basic, secret.slice(0, 11)])
        expect(all).not.toContain(form);
    }
  },
  180_000,
);

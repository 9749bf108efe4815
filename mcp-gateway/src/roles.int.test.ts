import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestClient, testClient } from './test-client.ts';
import { openSharedStores, type SharedStores } from './test-two-houses.ts';

type Process = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly said: () => string;
};

const environment = {
  ...{ MAX_ORDERS_PER_SECOND: '1000', MAX_ORDERS_PER_MINUTE: '10000' },
  MAX_ORDERS_PER_DAY: '100000',
};
let stores: SharedStores;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  stores = await openSharedStores();
  folder = await mkdtemp(join(tmpdir(), 'sentinel-roles-'));
}, 60_000);

const ended = (child: ChildProcess): Promise<number | string | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null)
      return resolve(child.exitCode ?? child.signalCode);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });

afterAll(async () => {
  // In order, so that none leaves its database running.
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map(ended));
  await stores.dispose();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** The program with some of its roles, as a process of its own. */
const start = async (
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Process> => {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      ...process.env,
      ...environment,
      ...stores.environment,
      ...{ PORT: `${port}`, SENTINEL_DATA_DIR: join(folder, name), ...settings },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return { child, port, said: () => said };
};

const urlOf = ({ port }: Process, path: string) => new URL(`http://127.0.0.1:${port}${path}`);

const health = async (of: Process) => {
  const response = await fetch(urlOf(of, '/health')).catch(() => undefined);
  return (await response?.json()) as
    | {
        readonly state: string;
        readonly components: readonly { readonly component: string; readonly detail: string }[];
      }
    | undefined;
};
const ready = (of: Process) =>
  expect
    .poll(async () => (await health(of))?.state ?? of.said(), { timeout: 60_000 })
    .toBe('ready');

const clientOf = (of: Process): Promise<TestClient> =>
  testClient({ url: (path) => urlOf(of, path) });

describe('roles of several processes', () => {
  test('any number are gateways, one folds and one trades, and a killed one is replaced within seconds', async () => {
    const [first, second] = await Promise.all([
      start('first', { SENTINEL_ROLES: 'projector,venue' }),
      start('second', { SENTINEL_ROLES: 'projector,venue' }),
    ]);
    const gateway = await start('gateway', { SENTINEL_ROLES: 'gateway' });
    await Promise.all([first, second, gateway].map(ready));
    expect((await fetch(urlOf(first, '/mcp'), { method: 'POST' })).status).toBe(404);
    const client = await clientOf(gateway);
    const fills = async (symbol: string, place = client) => {
      const begin = performance.now();
      const order = { symbol, side: 'buy', qty: 3, order_type: 'market' };
      const { order: placed } = await place.call('execution_paper_order', order);
      await expect
        .poll(
          async () =>
            (await place.call('execution_get_order', { order_id: placed.order_id })).order.status,
          { timeout: 30_000 },
        )
        .toBe('filled');
      return performance.now() - begin;
    };
    await fills('KO');
    const atWork = async (of: Process) =>
      (await health(of))?.components.find(({ component }) => component === 'workflows')?.detail;
    expect(await atWork(gateway)).toMatch(/left to/);
    // Whichever holds the leases dies; the other has to take over what it did.
    const firstHolds = !(await atWork(first))?.startsWith('0 ');
    const [holder, successor] = firstHolds ? [first, second] : [second, first];
    holder.child.kill('SIGKILL');
    await ended(holder.child);
    expect(await fills('PG')).toBeLessThan(15_000);
    await expect.poll(() => atWork(successor)).toMatch(/^([1-9]\d*) of \1 /);
    await client.close();
  }, 120_000);
});

test('a second process on the embedded store’s folder is told the way out', async () => {
  const embedded = { EVENTSTORE_URL: '', DATABASE_URL: '' };
  const one = await start('embedded', embedded);
  await ready(one);
  const other = await start('embedded', embedded);
  expect(await ended(other.child)).toBe(1);
  expect(other.said()).toMatch(/SENTINEL_DATA_DIR/);
  expect(other.said()).toMatch(/EVENTSTORE_URL/);
  one.child.kill('SIGTERM');
  expect(await ended(one.child)).toBe(0);
}, 120_000);

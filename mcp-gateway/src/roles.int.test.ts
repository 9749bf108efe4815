import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresReadModels } from '@sentinel/infra/read-store';
import { freePort } from '@sentinel/infra/runtime';
import { viewDefinitions } from '@sentinel/projections';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededChance } from './chaos/chance.ts';
import { verifyViews } from './chaos/verify-views.ts';
import { type TestClient, testClient } from './test-client.ts';
import { openSharedStores, orderCount, type SharedStores } from './test-two-houses.ts';

type Process = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly said: () => string;
};

const environment = {
  ...{ MAX_ORDERS_PER_SECOND: '1000', MAX_ORDERS_PER_MINUTE: '1000000' },
  ...{ MAX_ORDERS_PER_DAY: '1000000', MAX_POSITION_PCT: '1' },
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

/** In order, so that none leaves its database running. */
const stopAll = async (): Promise<void> => {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.splice(0).map(ended));
};

afterAll(async () => {
  await stopAll();
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
    .poll(
      async () => {
        const answer = await health(of);
        return answer?.state === 'ready' ? 'ready' : (answer ?? of.said());
      },
      { timeout: 60_000 },
    )
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
    await stopAll();
  }, 120_000);
});

/** Kills of the process that folds: PROPERTY_RUNS of them in the long form. */
const kills = orderCount(3);
const killSeed = 7;
/** Half of the kills meet the start, and half the work after it. */
const startMs = 2_000;
const workMs = 400;

/** Orders one after the other, until told to stop; answers how many. */
const trade = ({ client }: TestClient) => {
  const stop = new AbortController();
  const place = async () => {
    for (let count = 1; ; count++) {
      if (stop.signal.aborted) return count;
      const qty = `0.${`${count}`.padStart(6, '0')}`;
      const { isError, content } = await client.callTool({
        name: 'execution_paper_order',
        arguments: { symbol: 'XOM', side: 'buy', qty, order_type: 'market' },
      });
      // Where nobody has folded for long, or much has been bought, it is denied: that stands in the log as well.
      if (isError)
        expect(content).toMatchObject([{ text: expect.stringMatching('not submitted') }]);
    }
  };
  const placed = place();
  // It rejects to who stops it.
  placed.catch(() => stop.abort());
  return {
    stop: () => {
      stop.abort();
      return placed;
    },
  };
};

test(
  'views folded by processes that are killed under orders are those of the log',
  async () => {
    const startFolding = () => start('folding', { SENTINEL_ROLES: 'projector' });
    const gateway = await start('trading', { SENTINEL_ROLES: 'gateway,venue' });
    let projector = await startFolding();
    await Promise.all([gateway, projector].map(ready));
    const client = await clientOf(gateway);
    const { projectionStore: served, close } = postgresReadModels({
      connectionString: stores.environment.DATABASE_URL ?? '',
      ...{ views: viewDefinitions, log: { info: () => undefined, warn: () => undefined } },
    });
    const trading = trade(client);
    const chance = seededChance(killSeed);
    const reached = new Set<string>();
    try {
      for (let kill = 0; kill < kills; kill++) {
        if (chance.below(2) === 0) await sleep(chance.below(startMs));
        else {
          await ready(projector);
          await sleep(chance.below(workMs));
        }
        projector.child.kill('SIGKILL');
        expect(await ended(projector.child)).toBe('SIGKILL');
        reached.add((await served.serving()).map(({ logPosition }) => logPosition).join());
        projector = await startFolding();
      }
      expect(await trading.stop()).toBeGreaterThan(kills);
      expect(reached.size).toBeGreaterThan(kills / 5);
      await ready(projector);
      const { readLog } = stores;
      const least = (await readLog()).at(-1)?.logPosition ?? 0n;
      expect(await verifyViews({ served, least, withinMs: 30_000, readLog })).toEqual([]);
    } finally {
      await trading.stop();
      await close();
      await client.close();
    }
  },
  120_000 + kills * 10_000,
);

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

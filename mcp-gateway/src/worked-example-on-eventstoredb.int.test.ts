import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@sentinel/contracts/kernel';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { systemClock } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testClient } from './test-client.ts';
import { startTestHouse } from './test-house.ts';
import { openSharedStores, readWhole } from './test-two-houses.ts';
import { workedExample } from './test-worked-example.ts';

let bars: string;
beforeAll(async () => {
  bars = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
  const file = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'bars', 'AAPL.csv');
  for (const symbol of ['NVDA', 'MSFT', 'AAPL']) await copyFile(file, join(bars, `${symbol}.csv`));
});
afterAll(() => rm(bars, { recursive: true }));

/** The worked example, a denial and a halt, through the gateway; a replay so slow that every price is one. */
const drive = async (stores: Readonly<Record<string, string>>): Promise<void> => {
  const house = await startTestHouse({
    ...{ MARKET_DATA_PROVIDER: 'historical', MARKET_DATA_DIR: bars, HISTORICAL_SPEED: '1' },
    ...stores,
  });
  const { call, refusal, close } = await testClient(house);
  await workedExample(call, 10);
  const order = { symbol: 'MSFT', side: 'buy', order_type: 'market' };
  expect(await refusal('execution_paper_order', { ...order, qty: 100_000 })).toMatch(
    /MAX_ORDER_VALUE/,
  );
  await call('risk_kill_switch_enable', { scope: 'global', reason: 'a drill' });
  expect(await refusal('execution_paper_order', { ...order, qty: 1 })).toMatch(/halt/i);
  await close();
  await house.stop();
};

const inPostgres = async (): Promise<readonly RecordedEvent[]> => {
  const { connectionString, drop } = await createTestDatabase();
  try {
    await drive({ DATABASE_URL: connectionString });
    const log = { info: () => undefined, warn: () => undefined };
    const store = await openPostgresEventStore({ connectionString, now: systemClock, log });
    const events = await readWhole(store);
    await store.close();
    return events;
  } finally {
    await drop();
  }
};

const inEventStoreDb = async (): Promise<readonly RecordedEvent[]> => {
  const stores = await openSharedStores();
  try {
    await drive(stores.environment);
    return await stores.readLog();
  } finally {
    await stores.dispose();
  }
};

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const digest = /\b[0-9a-f]{64}\b/g;
/** Quotes move with the clock, and with them sizes, amounts and ages; versions and quantities do not. */
const moving = /(?<![\d.])(?<!"(version|schemaVersion|\w*[qQ]uantity)":"?)-?\d+(\.\d+)?(e-?\d+)?/g;

/** Each stream's events, but for ids, times, positions and what follows from these; in no order of streams. */
const likeness = (log: readonly RecordedEvent[]): readonly string[] => {
  const alike = (text: string) =>
    text.replace(id, 'id').replace(instant, 'time').replace(digest, 'digest');
  const streams = Map.groupBy(log, ({ stream }) => stream);
  return [...streams]
    .map(([stream, events]) =>
      [
        alike(stream),
        ...events.map(({ type, version, schemaVersion, data, metadata }) =>
          alike(
            JSON.stringify({ type, version: `${version}`, schemaVersion, data, metadata }),
          ).replace(moving, 'number'),
        ),
      ].join('\n'),
    )
    .toSorted();
};

test('the same commands give the same events in EventStoreDB as in Postgres', async () => {
  const [there, here] = [likeness(await inEventStoreDb()), likeness(await inPostgres())];
  expect(here.join('\n').split('\n').length).toBeGreaterThan(30);
  expect(there).toEqual(here);
}, 120_000);

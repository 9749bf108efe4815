import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseConfig } from '@sentinel/infra/config';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase, migrate } from '@sentinel/infra/postgres';
import { freePort, StartupError, systemClock } from '@sentinel/infra/runtime';
import { openLog } from '@sentinel/infra/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from './compose.ts';
import { oldLog } from './test-old-log.ts';

type Settings = Readonly<Record<string, string>>;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let replays: Awaited<ReturnType<typeof createTestDatabase>>;
let folder = '';
beforeAll(async () => {
  database = await createTestDatabase();
  replays = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sentinel-bind-'));
});
afterAll(async () => {
  await database.drop();
  await replays.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A start of the program on one database; answers what it said when it could not. */
const start = async (
  settings: Settings,
  { connectionString } = database,
): Promise<string | undefined> => {
  const parsed = parseConfig({
    ...settings,
    SENTINEL_DATA_DIR: folder,
    DATABASE_URL: connectionString,
  });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const log = openLog(join(folder, 'sentinel.log'));
  try {
    const sentinel = await compose(parsed.value, log, { signal: new AbortController().signal });
    await sentinel.stop();
    return undefined;
  } catch (error) {
    if (error instanceof StartupError) return `${error.code}: ${error.message}`;
    throw error;
  } finally {
    log.flush();
  }
};

const recorded = async ({ connectionString } = database) => {
  const log = openLog(join(folder, 'sentinel.log'));
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log });
  const events = await store.readAll();
  await store.close();
  return events;
};

const days = (...closes: readonly number[]) =>
  [
    'date,open,high,low,close,volume',
    ...closes.map(
      (close, n) => `2020-03-0${2 + n},${close},${close + 1},${close - 1},${close},1000000`,
    ),
  ].join('\n');

describe('a log belongs to one market', () => {
  test('its first events bind it, and starts on the same market add none of them', async () => {
    expect(await start({})).toBeUndefined();
    expect(await start({})).toBeUndefined();
    const events = await recorded();
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['MarketBound', 'AccountBound']);
    expect(events.filter(({ type }) => type.endsWith('Bound'))).toHaveLength(2);
    expect(events[0]?.data).toMatchObject({ provider: 'mock', seed: 42, bars: null });
    expect(events[1]?.data).toMatchObject({
      ...{ account: 'paper', accountType: 'margin', startingCash: '100000' },
    });
  });

  test.each<[Settings, string]>([
    [
      { MARKET_SEED: '7' },
      'bound to the seed 42, and this start asks for 7: set MARKET_SEED=42 again, or begin another log with another SENTINEL_DATA_DIR',
    ],
    [
      { PAPER_STARTING_CASH: '50000' },
      'bound to the starting cash of the account paper, 100000, and this start asks for 50000: set PAPER_STARTING_CASH=100000 again, or',
    ],
    [
      { PAPER_ACCOUNT_TYPE: 'cash' },
      'bound to the type of the account paper, margin, and this start asks for cash: set PAPER_ACCOUNT_TYPE=margin again, or',
    ],
  ])('a start with %o is one sentence', async (settings, sentence) => {
    const said = await start(settings);
    expect(said).toMatch(/^log-of-other-market: This log is /);
    expect(said).toContain(sentence);
    expect(await start({})).toBeUndefined();
  });

  test('bars that changed or went are a sentence; more at the end, or of others, are welcome', async () => {
    const bars = await mkdtemp(join(folder, 'bars-'));
    const replay = { MARKET_DATA_PROVIDER: 'historical', MARKET_DATA_DIR: bars };
    const write = (name: string, ...closes: readonly number[]) =>
      writeFile(join(bars, `${name}.csv`), days(...closes));
    await write('AAPL', 100, 101, 102);
    expect(await start(replay)).toContain(
      'bound to the market data provider mock, and this start asks for historical',
    );
    expect(await start(replay, replays)).toBeUndefined();
    expect(await start({ ...replay, HISTORICAL_CALENDAR: 'every-day' }, replays)).toContain(
      'bound to the calendar nyse, and this start asks for every-day',
    );
    await write('AAPL', 100, 101.5, 102);
    expect(await start(replay, replays)).toMatch(
      /bound to AAPL of 3 bars until 2020-03-04T14:30:00Z \(\w{12}…\), and the folder of bars holds 3 bars until .* in their place: put the bars, splits.csv and dividends.csv back/,
    );
    await write('AAPL', 100, 101, 102, 103);
    await write('MSFT', 50, 51);
    expect(await start(replay, replays)).toBeUndefined();
    await write('AAPL', 100, 101, 102);
    expect(await start(replay, replays)).toContain('AAPL of 4 bars');
    expect((await recorded(replays)).filter(({ type }) => type === 'MarketBound')).toHaveLength(2);
  });

  test('the program itself ends with the sentence and code 1', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: {
        ...process.env,
        SENTINEL_DATA_DIR: folder,
        DATABASE_URL: database.connectionString,
        PORT: `${await freePort()}`,
        MARKET_SEED: '9',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(said).toMatch(/^This log is bound to the seed 42, and this start asks for 9: .*\.\n$/);
    expect(code).toBe(1);
  });

  test('a log from before is bound by its first start, which says so', async () => {
    const before = await createTestDatabase();
    try {
      await migrate(before.connectionString);
      const log = openLog(join(folder, 'older.log'));
      const store = await openPostgresEventStore({ ...before, now: systemClock, log });
      const adopted = oldLog('0.1.0').recorded.find(({ type }) => type === 'LimitsAdopted');
      if (adopted === undefined) throw new Error('the old log has no limits');
      const { id, type, schemaVersion, data, metadata } = adopted;
      await store.appendToStream(
        adopted.stream,
        [{ id, type, schemaVersion, data, metadata }],
        'any',
      );
      await store.close();
      expect(await start({ MARKET_SEED: '3' }, before)).toBeUndefined();
      expect(await start({ MARKET_SEED: '4' }, before)).toContain('bound to the seed 3');
      const said = await readFile(join(folder, 'sentinel.log'), 'utf8');
      expect(said).toContain('from now on the log is bound to the market');
    } finally {
      await before.drop();
    }
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticker } from '@sentinel/contracts/market';
import { afterAll, expect, test } from 'vitest';
import { type Asked, startStub, stubKeys } from '../alpaca/test-stub.ts';
import { historicalMarketData } from '../market-data/index.ts';
import { alpacaSettings } from './alpaca.ts';
import { readOptions } from './options.ts';
import { runImport } from './run-import.ts';
import { dailyReference } from './samples/reference.ts';

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

const daily = dailyReference();
const splitOn = daily[20]?.date ?? '';
const paidOn = daily[10]?.date ?? '';
/** Midnight in New York, as Alpaca stamps a day. */
const stampOf = (date: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime('America/New_York').toInstant().toString();

/** The reference as raw prices, four times as dear before the split. */
const rows = daily.map(({ date, open, high, low, close, volume }) => {
  const [o, h, l, c] = [open, high, low, close].map((text) =>
    date < splitOn ? Number((Number(text) * 4).toFixed(2)) : Number(text),
  );
  return { t: stampOf(date), o, h, l, c, v: Number(volume), n: 1, vw: c };
});

const opened = async () => {
  const stub = await startStub(
    {
      bars: ({ symbol, fromMs, toMs, most, adjustment }: Asked) =>
        symbol !== 'AAPL' || adjustment !== 'raw'
          ? []
          : rows.filter(({ t }) => Date.parse(t) >= fromMs && Date.parse(t) <= toMs).slice(0, most),
      ...{ quotes: () => [], trades: () => [], latest: () => undefined },
      actions: () => ({
        forward_splits: [
          { symbol: 'AAPL', ex_date: splitOn, process_date: splitOn, new_rate: 4, old_rate: 1 },
        ],
        cash_dividends: [
          { symbol: 'AAPL', ex_date: paidOn, process_date: paidOn, rate: 0.82, special: false },
        ],
      }),
    },
    7,
  );
  ends.push(stub.close);
  const into = await mkdtemp(join(tmpdir(), 'sentinel-alpaca-import-'));
  ends.push(() => rm(into, { recursive: true }));
  const alpaca = alpacaSettings({
    ALPACA_API_KEY_ID: stubKeys.keyId,
    ALPACA_API_SECRET_KEY: stubKeys.secretKey,
    ALPACA_FEED: 'iex',
    ALPACA_DATA_URL: stub.url,
  });
  const run = async (...args: readonly string[]) => {
    const lines: string[] = [];
    const options = { ...readOptions([...args, '--into', into]), alpaca };
    const result = await runImport(
      options,
      (line) => lines.push(line),
      () => undefined,
    );
    return { ...result, lines };
  };
  return { stub, into, run };
};

test('raw bars of all pages fill a library with their splits and dividends', async () => {
  const { stub, into, run } = await opened();
  const from = daily[0]?.date ?? '';
  const { summaries, lines } = await run('alpaca:aapl', '--from', from);
  expect(lines.join('\n')).not.toContain(stubKeys.secretKey);
  expect(summaries.map(({ symbol, is }) => [symbol, is])).toEqual([['AAPL', 'taken']]);
  const asked = stub.requests.filter((path) => path.startsWith('/v2/stocks/bars'));
  expect(asked).toHaveLength(Math.ceil(daily.length / 7));
  expect(await readFile(join(into, 'splits.csv'), 'utf8')).toContain(`AAPL,${splitOn},4:1`);
  // Paid before the split, on each of the shares that became four.
  expect(await readFile(join(into, 'dividends.csv'), 'utf8')).toContain(`AAPL,${paidOn},0.205`);
  const market = await historicalMarketData({
    ...{ directory: into, speed: 1, monotonicMs: () => 0 },
    start: Temporal.Instant.from(`${daily.at(-1)?.date}T15:00:00Z`),
  });
  const bars = await market.bars('AAPL' as Ticker, { timeframe: '1Day', limit: 5_000 });
  for (const [i, close] of bars.close.entries())
    expect(close).toBeCloseTo(Number(daily[i]?.close), 2);
});

test('a part goes on, and what cannot be had is refused by name', async () => {
  const { stub, run } = await opened();
  const [from, to] = [daily[0]?.date ?? '', daily[30]?.date ?? ''];
  const kinds = async (...args: readonly string[]) =>
    (await run(...args)).summaries.map(({ is }) => is);
  expect(await kinds('alpaca:AAPL', '--from', from, '--to', to)).toEqual(['taken']);
  expect(await kinds('alpaca:AAPL', '--from', from)).toEqual(['taken']);
  expect(await kinds('alpaca:NONE', 'alpaca:€', '--from', from)).not.toContain('taken');
  expect(await kinds('alpaca:AAPL')).not.toContain('taken');
  stub.refuse({ status: 403, body: '{"message":"subscription does not permit this"}' });
  const refused = await run('alpaca:AAPL', '--from', from);
  expect(refused.lines.join('\n')).toContain('Alpaca');
  expect(() => readOptions(['alpaca:AAPL', '--from', '2020-02-30'])).toThrow('no date');
  expect(() => alpacaSettings({ ALPACA_FEED: 'iex' })).toThrow('ALPACA_API_KEY_ID');
});

test('a library that says otherwise of a day keeps what it says, and days without a bar are told', async () => {
  const { into, run } = await opened();
  const from = daily[0]?.date ?? '';
  const said = `symbol,date,ratio\nAAPL,${splitOn},7:1\n`;
  await writeFile(join(into, 'splits.csv'), said);
  const against = await run('alpaca:AAPL', '--from', from);
  expect(against.summaries.map(({ is }) => is)).toEqual(['refused']);
  expect(against.lines.join('\n')).toContain(`AAPL,${splitOn},4:1, where the library says 7:1`);
  expect(await readFile(join(into, 'splits.csv'), 'utf8')).toBe(said);
  const nothing = await run('alpaca:NONE', '--from', from);
  expect(nothing.lines.join('\n')).toContain('has no bars in these days');
});

import { readFile, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { multiplyLog } from '@sentinel/infra/event-store';
import {
  diskUse,
  findEmbeddedPostgres,
  forgetDerived,
  startEmbeddedPostgres,
} from '@sentinel/infra/postgres';
import { measureCopy } from '@sentinel/infra/read-store';
import { z } from 'zod';
import { operatorKeyFile } from '../operator-key.ts';
import { caller } from './caller.ts';
import { ownFolder, startSentinelOn } from './program.ts';
import { tradeDay } from './trade-day.ts';
import { atLeast, atMost, say, type Verdict } from './verdict.ts';

const ordersOfDay = 1_000;
const silent = { info: () => undefined, warn: () => undefined };
const resultSchema = z.looseObject({ view: z.string(), result: z.string() });

/** A log of so many events: a day that the program traded, and the same day again for other accounts. */
const logOf = async (dataDir: string, size: number): Promise<number> => {
  const { url, stop } = await startSentinelOn(dataDir);
  await tradeDay(url, { from: 0, until: ordersOfDay });
  await stop();
  const { connectionString, stop: stopDatabase } = await startEmbeddedPostgres({
    dataDir,
    log: silent,
  });
  try {
    await forgetDerived(connectionString);
    const events = await multiplyLog(connectionString, size);
    const { payload } = await diskUse(connectionString);
    say(`a log of ${events} events, ${Math.round(payload / events)} bytes an event`);
    return events;
  } finally {
    await stopDatabase();
  }
};

/** A client that reads and one that trades, until told to stop. What either is not answered counts as an error. */
const load = (url: string) => {
  const counts = { reads: 0, orders: 0, errors: 0 };
  let going = true;
  const read = async () => {
    const { call, close } = caller(url);
    for (; going; counts.reads++) await call('portfolio_status', {});
    close();
  };
  const trade = async () => {
    const { call, close } = caller(url);
    for (; going; counts.orders++)
      await call('execution_paper_order', {
        ...{ symbol: 'NVDA', side: 'buy', order_type: 'market' },
        qty: `0.${`${counts.orders + 1}`.padStart(6, '0')}`,
      });
    close();
  };
  const counted = (error: unknown) => {
    counts.errors += 1;
    say(`  ${error}`);
  };
  const ended = Promise.all([read().catch(counted), trade().catch(counted)]);
  return {
    stop: async () => {
      going = false;
      await ended;
      return counts;
    },
  };
};

/** Rebuilds all views through the operator's door; answers what each compared as. */
const rebuildAll = async (dataDir: string, url: string): Promise<readonly string[]> => {
  const key = (await readFile(operatorKeyFile(dataDir), 'utf8')).trim();
  const response = await fetch(new URL('/rebuild/all', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  if (!response.ok || response.body === null) throw new Error(`refused: ${response.status}`);
  const results: string[] = [];
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    const found = JSON.parse(line);
    if ('error' in found) throw new Error(line);
    if ('result' in found) {
      const { view, result } = resultSchema.parse(found);
      results.push(`${view}: ${result}`);
    }
  }
  return results;
};

/** All views from so many events, while a client reads and another trades. */
export const measureRebuild = async (size: number): Promise<readonly Verdict[]> => {
  const dataDir = await ownFolder();
  try {
    const events = await logOf(dataDir, size);
    const program = await startSentinelOn(dataDir);
    say(`start, which builds them for the first time: ${Math.round(program.readyMs)} ms`);
    const found = await findEmbeddedPostgres(dataDir);
    if (found === undefined) throw new Error('no database runs under the program');
    const client = load(program.url);
    const begin = performance.now();
    const results = await rebuildAll(dataDir, program.url);
    const seconds = (performance.now() - begin) / 1_000;
    const { reads, orders, errors } = await client.stop();
    const copy = await measureCopy(found.connectionString);
    const { peakBytes } = await program.stop();
    say(
      `all views in ${seconds.toFixed(1)} s, with ${reads} reads and ${orders} orders meanwhile; COPY of their ${copy.rows} rows in ${(copy.ms / 1_000).toFixed(1)} s`,
    );
    const unequal = results.filter((result) => !result.endsWith(': equal'));
    for (const result of unequal) say(`  ${result}`);
    return [
      atLeast(100_000, `events a second into all views, of ${events}`, events / seconds),
      atLeast(0.5, 'the rate of plain COPY of the same rows', copy.ms / 1_000 / seconds),
      atMost(600, 'memory of the program, in MB', peakBytes / 1_000_000),
      atMost(0, 'errors of clients meanwhile', errors),
      atMost(0, 'views that differ from what served', unequal.length),
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

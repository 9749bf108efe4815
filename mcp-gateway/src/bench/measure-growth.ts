import { rm } from 'node:fs/promises';
import { diskUse, findEmbeddedPostgres } from '@sentinel/infra/postgres';
import { caller, percentile, timeCalls } from './caller.ts';
import { ownFolder, startSentinelOn } from './program.ts';
import { mediansOf } from './rounds.ts';
import { measureStarts } from './starts.ts';
import { tradeDay } from './trade-day.ts';
import { atMost, say, type Verdict } from './verdict.ts';

/** Events of one session, at which it is compared with one that has just begun. */
export const growthSizes: readonly number[] = [10_000, 50_000, 100_000];

const begunEvents = 1_000;
const starts = 3;
const rounds = 7;
const callsPerRound = 30;
const ordersPerStep = 250;
const msPerSecond = 1_000;

const queries: readonly (readonly [string, object])[] = [
  ['execution_list_orders', { limit: 5 }],
  ['portfolio_positions', {}],
  ['portfolio_status', {}],
];

type Log = { readonly dataDir: string; orders: number };

/** How many events stand in the log of the program that runs on `dataDir`. */
const eventsIn = async (dataDir: string): Promise<number> => {
  const found = await findEmbeddedPostgres(dataDir);
  if (found === undefined) throw new Error('no database runs under the program');
  return (await diskUse(found.connectionString)).events;
};

/** Trades on, until so many events stand in the log: every one was decided by the program. */
const growTo = async (log: Log, size: number): Promise<number> => {
  const { url, stop } = await startSentinelOn(log.dataDir);
  try {
    let events = await eventsIn(log.dataDir);
    while (events < size) {
      // Some four events an order: steps grow with what is missing, so that the log is rarely counted.
      const step = Math.min(ordersPerStep * 40, Math.max(50, Math.floor((size - events) / 5)));
      await tradeDay(url, { from: log.orders, until: log.orders + step });
      log.orders += step;
      events = await eventsIn(log.dataDir);
    }
    return events;
  } finally {
    await stop();
  }
};

/** Median milliseconds of an order and of each query. */
const timesOn = (url: string, { orders }: Log) => {
  const { call, close } = caller(url);
  // No two of one session alike, or they would be duplicates.
  let sent = orders;
  const order = () =>
    call('execution_paper_order', {
      ...{ symbol: 'NVDA', side: 'buy', order_type: 'market' },
      qty: `0.${`${++sent}`.padStart(6, '0')}`,
    });
  const p50 = async (one: () => Promise<string>) =>
    percentile(await timeCalls(callsPerRound, one), 0.5);
  return {
    close,
    round: async () => {
      const times: Record<string, number> = { order: await p50(order) };
      for (const [name, args] of queries) times[name] = await p50(() => call(name, args));
      return times;
    },
  };
};

/** Both programs in turns, each freshly started: a round's ratios are of the same moment. */
const compare = async (grown: Log, begun: Log): Promise<Readonly<Record<string, number>>> => {
  const largeProgram = await startSentinelOn(grown.dataDir);
  const smallProgram = await startSentinelOn(begun.dataDir);
  const large = timesOn(largeProgram.url, grown);
  const small = timesOn(smallProgram.url, begun);
  try {
    return await mediansOf(rounds, async () => {
      const [after, before] = [await large.round(), await small.round()];
      return Object.fromEntries(
        Object.keys(after).flatMap((name) => [
          [name, (after[name] as number) / (before[name] as number)],
          [`${name} in ms`, after[name] as number],
        ]),
      );
    });
  } finally {
    large.close();
    small.close();
    await largeProgram.stop();
    await smallProgram.stop();
  }
};

const verdictsAt = async (grown: Log, size: number): Promise<readonly Verdict[]> => {
  const begun: Log = { dataDir: await ownFolder(), orders: 0 };
  try {
    const events = await growTo(grown, size);
    say(`a session of ${events} events, beside one of ${await growTo(begun, begunEvents)}:`);
    const { readyMs, peakBytes } = await measureStarts(grown.dataDir, starts);
    say('  starts of the one that has just begun:');
    const first = await measureStarts(begun.dataDir, starts);
    say(`  start: ${(readyMs / first.readyMs).toFixed(2)} times`);
    const found = await compare(grown, begun);
    for (const name of ['order', ...queries.map(([query]) => query)])
      say(
        `  ${name}: p50 ${found[`${name} in ms`]?.toFixed(2)} ms, ${found[name]?.toFixed(2)} times`,
      );
    return [
      atMost(1.3, `order at ${size} events, p50 over one at ${begunEvents}`, found.order as number),
      ...queries.map(([query]) =>
        atMost(1.3, `${query} at ${size} events, over ${begunEvents}`, found[query] as number),
      ),
      atMost(3, `start on ${size} events, in seconds`, readyMs / msPerSecond),
      atMost(400, `memory of it, in MB`, peakBytes / 1_000_000),
    ];
  } finally {
    await rm(begun.dataDir, { recursive: true, force: true });
  }
};

/** What a log costs that grows: a session of so many events, beside one that has just begun. */
export const measureGrowth = async (sizes: readonly number[]): Promise<readonly Verdict[]> => {
  const grown: Log = { dataDir: await ownFolder(), orders: 0 };
  const verdicts: Verdict[] = [];
  try {
    for (const size of sizes) verdicts.push(...(await verdictsAt(grown, size)));
    return verdicts;
  } finally {
    await rm(grown.dataDir, { recursive: true, force: true });
  }
};

import { rm } from 'node:fs/promises';
import { diskUse, findEmbeddedPostgres } from '@sentinel/infra/postgres';
import { z } from 'zod';
import { compare, type Log } from './beside.ts';
import { caller } from './caller.ts';
import { livePastDays } from './past-days.ts';
import { ownFolder, startSentinelOn } from './program.ts';
import { measureStarts, megabytes } from './starts.ts';
import { tradeDay } from './trade-day.ts';
import { atMost, say, type Verdict } from './verdict.ts';

/** Events of many days, at which a log is compared with one of a thousand. */
export const growthSizes: readonly number[] = [10_000, 100_000, 1_000_000];

const begunEvents = 1_000;
/** Of today alone. */
const sessionEvents = 50_000;
const starts = 3;
const ordersPerStep = 250;
const msPerSecond = 1_000;
/** A start that finds no views builds them from all events. */
const viewsWithinMs = 1_200_000;

/** How many events stand in the log of the program that runs on `dataDir`. */
const eventsIn = async (dataDir: string): Promise<number> => {
  const found = await findEmbeddedPostgres(dataDir);
  if (found === undefined) throw new Error('no database runs under the program');
  return (await diskUse(found.connectionString)).events;
};

const secondsOf = (ms: number): string => `${(ms / msPerSecond).toFixed(1)} s`;

/** A log of so many events on days before today, with its views. */
export const madeOf = async (events: number): Promise<Log> => {
  const dataDir = await ownFolder();
  const begin = performance.now();
  await livePastDays(dataDir, events);
  say(`${events} events of past days, made in ${secondsOf(performance.now() - begin)}`);
  const first = await startSentinelOn(dataDir, viewsWithinMs);
  const { peakBytes } = await first.stop();
  say(`  the views of them: ready after ${secondsOf(first.readyMs)}, ${megabytes(peakBytes)}`);
  return { dataDir, orders: 0 };
};

/** Trades on, until so many events stand in the log: every one was decided by the program. */
const growTo = async (log: Log, size: number): Promise<void> => {
  const { url, stop } = await startSentinelOn(log.dataDir);
  try {
    for (let events = 0; events < size; events = await eventsIn(log.dataDir)) {
      // Some four events an order: steps grow with what is missing, so that the log is rarely counted.
      const step = Math.min(ordersPerStep * 40, Math.max(50, Math.floor((size - events) / 5)));
      await tradeDay(url, { from: log.orders, until: log.orders + step });
      log.orders += step;
    }
  } finally {
    const { peakBytes } = await stop();
    say(`  trading that day the program took at most ${megabytes(peakBytes)}`);
  }
};

/** Cancels that came too late are seen at the next list; views that stand behind answer a later one. */
const mostRounds = 20;
const working = ['submitted', 'accepted', 'partially_filled'] as const;
const listedSchema = z.looseObject({
  result: z.looseObject({
    structuredContent: z.looseObject({ orders: z.looseObject({ order_id: z.string() }).array() }),
  }),
});

/**
 * Cancels what still works: a day that trades faster than its symbols do leaves orders behind, and each
 * costs something at every look at the market, however long the session is.
 */
const endOrders = async ({ dataDir }: Log): Promise<void> => {
  const { url, stop } = await startSentinelOn(dataDir);
  const { ask, close } = caller(url);
  let ended = 0;
  try {
    for (const status of working)
      for (let [round, more] = [0, true]; more && round < mostRounds; round++) {
        const answer = await ask('execution_list_orders', { status, limit: 100 });
        if (answer.includes('"isError":true')) continue;
        const { orders } = listedSchema.parse(JSON.parse(answer)).result.structuredContent;
        for (const { order_id } of orders)
          await ask('execution_cancel_order', { order_id, reason: 'the day is over' });
        ended += orders.length;
        more = orders.length > 0;
      }
  } finally {
    close();
    await stop();
  }
  say(`  ${ended} orders that still worked were canceled`);
};

/** What a grown log costs beside one that has just begun, by its starts, orders and queries. */
export const verdictsOf = async (
  name: string,
  grown: Log,
  begun: Log,
): Promise<readonly Verdict[]> => {
  say(`${name}, beside a log that has just begun:`);
  const { readyMs, peakBytes } = await measureStarts(grown.dataDir, starts);
  say('  starts of the one that has just begun:');
  const first = await measureStarts(begun.dataDir, starts);
  say(`  start: ${(readyMs / first.readyMs).toFixed(2)} times`);
  const { compared, peakBytes: mostBytes } = await compare(grown, begun);
  for (const { what, after, before, times } of compared)
    say(
      `  ${what}: p50 ${after.toFixed(2)} ms, ${before.toFixed(2)} before, ${times.toFixed(2)} times`,
    );
  say(`  trading and asked it took at most ${megabytes(mostBytes)}`);
  return [
    ...compared.map(({ what, times }) =>
      atMost(1.3, `${name}: p50 of ${what}, over a log that has just begun`, times),
    ),
    atMost(3, `${name}: start, in seconds`, readyMs / msPerSecond),
    atMost(400, `${name}: memory, in MB`, Math.max(peakBytes, mostBytes) / 1_000_000),
  ];
};

const gone = ({ dataDir }: Log): Promise<void> => rm(dataDir, { recursive: true, force: true });

/** One session of today. */
const longSession = async (): Promise<readonly Verdict[]> => {
  const grown: Log = { dataDir: await ownFolder(), orders: 0 };
  const begun: Log = { dataDir: await ownFolder(), orders: 0 };
  try {
    await growTo(grown, sessionEvents);
    // So many that it holds the same symbols, and more orders than a program keeps at hand.
    await growTo(begun, begunEvents);
    await endOrders(grown);
    await endOrders(begun);
    return await verdictsOf(`a session of ${sessionEvents} events`, grown, begun);
  } finally {
    await Promise.all([gone(grown), gone(begun)]);
  }
};

/** What a log costs that grows: many days of so many events, and one long day, each beside a log that has just begun. */
export const measureGrowth = async (sizes: readonly number[]): Promise<readonly Verdict[]> => {
  const verdicts = [...(await longSession())];
  const begun = await madeOf(begunEvents);
  try {
    for (const size of sizes) {
      const grown = await madeOf(size);
      try {
        verdicts.push(...(await verdictsOf(`${size} events`, grown, begun)));
      } finally {
        await gone(grown);
      }
    }
    return verdicts;
  } finally {
    await gone(begun);
  }
};

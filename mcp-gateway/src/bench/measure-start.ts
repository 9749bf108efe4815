import { rm } from 'node:fs/promises';
import { type DiskUse, diskUse, findEmbeddedPostgres } from '@sentinel/infra/postgres';
import { ownFolder, startSentinelOn } from './program.ts';
import { measureStarts, megabytes } from './starts.ts';
import { tradeDay } from './trade-day.ts';
import { atMost, say, type Verdict } from './verdict.ts';

/** About 40,000 events in one session. */
const orders = 9_000;
const starts = 5;
const msPerSecond = 1_000;
const bytesPerKilobyte = 1_000;
const bytesPerMegabyte = 1_000_000;

const useOf = async (dataDir: string): Promise<DiskUse> => {
  const found = await findEmbeddedPostgres(dataDir);
  if (found === undefined) throw new Error('no database runs under the program');
  return diskUse(found.connectionString);
};

const sayUse = ({ events, payload, tables, databases, writeAheadLog }: DiskUse): void => {
  const perEvent = (bytes: number) => `${(bytes / events).toFixed(0)} B an event`;
  for (const { table, heap, toast, indexes } of tables)
    if (heap + toast + indexes > events)
      say(
        `  ${table}: ${perEvent(heap)} in rows, ${toast > events ? `${perEvent(toast)} beside them, ` : ''}${perEvent(indexes)} in indexes`,
      );
  say(`  payload and metadata as text: ${perEvent(payload)}`);
  say(
    `  write-ahead log: ${megabytes(writeAheadLog)}; databases with it: ${perEvent(databases + writeAheadLog)}`,
  );
};

/** Trades a day on the data in `dataDir` and says where the disk went. Answers the events of its log. */
const fillLog = async (dataDir: string): Promise<DiskUse> => {
  const day = await startSentinelOn(dataDir);
  try {
    await tradeDay(day.url, { from: 0, until: orders });
    return await useOf(dataDir);
  } finally {
    await day.stop();
  }
};

/** What a day of orders costs the next start, and the disk. */
export const measureStart = async (): Promise<readonly Verdict[]> => {
  const dataDir = await ownFolder();
  try {
    await measureStarts(dataDir, 1);
    say('start on an empty log:');
    const empty = await measureStarts(dataDir, starts);
    const use = await fillLog(dataDir);
    sayUse(use);
    say(`start on a log of ${use.events} events:`);
    const full = await measureStarts(dataDir, starts);
    const { events, payload, databases, writeAheadLog } = use;
    say(`disk: ${((databases + writeAheadLog) / events).toFixed(0)} B an event, all in`);
    return [
      atMost(3, 'start on a day of orders, in seconds', full.readyMs / msPerSecond),
      atMost(300, 'memory of it, in MB', full.peakBytes / bytesPerMegabyte),
      atMost(
        6,
        'disk of that day, in kB an event',
        (databases + writeAheadLog) / events / bytesPerKilobyte,
      ),
      atMost(5, 'start on a day of orders, over one on an empty log', full.readyMs / empty.readyMs),
      atMost(1.8, 'memory of it, over that on an empty log', full.peakBytes / empty.peakBytes),
      atMost(
        2,
        'disk of that day, over the text of its events',
        (databases + writeAheadLog) / payload,
      ),
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

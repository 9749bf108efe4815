import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exchangeDays, nyseCalendar } from '@sentinel/contracts/market';
import { z } from 'zod';
import { median } from './rounds.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const rounds = 5;
const symbols = 500;
const sessionMinutes = 390;
const openingMinute = 570;

const daysFrom = (first: string, count: number): readonly number[] => {
  const days: number[] = [];
  for (let day = exchangeDays.fromDate(first); days.length < count; day++) {
    const session = nyseCalendar().sessionOfDay(day);
    if (session !== undefined && !session.halfDay) days.push(day);
  }
  return days;
};

/** Prices of a walk in cents, the same on every run. */
const walk = (seed: number) => {
  let [word, last] = [seed, 100_000];
  return (): string => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    last = Math.max(20_000, last + (word % 41) - 20);
    const text = (cents: number) => (cents / 100).toFixed(2);
    return `${text(last)},${text(last + 12)},${text(last - 9)},${text(last + 3)}`;
  };
};

const two = (value: number): string => String(value).padStart(2, '0');

/** About a million minutes of one symbol, whose volume sets in at the opening as a real one's does. */
const minuteFile = (): string => {
  const price = walk(42);
  const lines = ['timestamp,open,high,low,close,volume'];
  for (const day of daysFrom('2010-01-04', 2_565)) {
    const date = exchangeDays.dateOf(day);
    for (let i = 0; i < sessionMinutes; i++) {
      const minute = openingMinute + i;
      const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
      lines.push(`${date} ${time},${price()},${1_000 + Math.floor(50_000 / (i + 1))}`);
    }
  }
  return `${lines.join('\n')}\n`;
};

const dailyFile = (days: readonly number[], seed: number): string => {
  const price = walk(seed);
  const rows = days.map((day) => `${exchangeDays.dateOf(day)},${price()},${1_000_000 + seed}`);
  return `${['date,open,high,low,close,volume', ...rows].join('\n')}\n`;
};

const childSchema = z.strictObject({ ms: z.number(), peakMb: z.number() });
const script = join(import.meta.dirname, 'bars-child.ts');
const run = promisify(execFile);

const child = async (...task: readonly string[]) => {
  const { stdout } = await run(process.execPath, [script, ...task]);
  return childSchema.parse(JSON.parse(stdout));
};

/** The middle time of some runs of a task, and the most memory of any. */
const several = async (task: () => Promise<z.output<typeof childSchema>>) => {
  const runs: z.output<typeof childSchema>[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await task());
  return {
    ms: median(runs.map(({ ms }) => ms)),
    peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)),
  };
};

const measureMinutes = async (folder: string): Promise<readonly Verdict[]> => {
  const [source, into] = [join(folder, 'XMIN.csv'), join(folder, 'minutes')];
  await writeFile(source, minuteFile());
  const floor = await several(() => child('parse', source));
  const first = await several(async () => {
    await rm(into, { recursive: true, force: true });
    return child('import', source, into);
  });
  const again = await several(() => child('ready', into));
  const nothing = await child('nothing');
  say(
    `a million minutes: floor ${floor.ms.toFixed(0)} ms, first import ${first.ms.toFixed(0)} ms and ${first.peakMb.toFixed(0)} MB, ready again in ${again.ms.toFixed(0)} ms; a process that does nothing takes ${nothing.peakMb.toFixed(0)} MB`,
  );
  return [
    atMost(2.5, 'first import of a million minutes, over a plain byte parser', first.ms / floor.ms),
    atMost(300, 'memory of it, in MB', first.peakMb),
    atMost(1, 'a replay of them is ready, in seconds', again.ms / 1_000),
  ];
};

const measureYears = async (folder: string): Promise<readonly Verdict[]> => {
  const library = join(folder, 'years');
  await mkdir(library);
  const days = daysFrom('2004-01-02', 5_040);
  for (let n = 0; n < symbols; n++) {
    const name = `X${String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26))}`;
    await writeFile(join(library, `${name}.csv`), dailyFile(days, n + 1));
  }
  const first = await child('ready', library);
  const again = await several(() => child('ready', library));
  const bound = await several(() => child('bound', library));
  say(
    `${symbols} symbols of 20 years: read for the first time in ${first.ms.toFixed(0)} ms, ready again in ${again.ms.toFixed(0)} ms and ${again.peakMb.toFixed(0)} MB, with the digests of a log's binding in ${bound.ms.toFixed(0)} ms`,
  );
  return [
    atMost(2, `a replay of ${symbols} symbols of 20 years is ready, in seconds`, again.ms / 1_000),
  ];
};

/** What a library costs to take in, and to open again. */
export const measureBars = async (): Promise<readonly Verdict[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-bench-bars-'));
  try {
    return [...(await measureMinutes(folder)), ...(await measureYears(folder))];
  } finally {
    await rm(folder, { recursive: true });
  }
};

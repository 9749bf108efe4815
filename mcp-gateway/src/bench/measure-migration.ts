import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { openTestFake } from '@sentinel/infra/event-store';
import { livePastDays } from './past-days.ts';
import { ownFolder } from './program.ts';
import { megabytes } from './starts.ts';
import { atLeast, atMost, say, type Verdict } from './verdict.ts';

/** Of many days, moved to a server of EventStoreDB and back. */
export const migratedEvents = 1_000_000;

/** So often the program is killed on each of the two ways. */
const cutsEachWay = 5;
const msPerSecond = 1_000;
const bytesPerMegabyte = 1_000_000;
const script = join(import.meta.dirname, '../../../infra/src/log-migration/main.ts');

type Way = {
  readonly from: 'postgres' | 'eventstore';
  readonly to: 'postgres' | 'eventstore';
  /** The folder of the log in Postgres. */
  readonly dataDir: string;
  readonly url: string;
};

type Ended = { readonly digest: string | undefined; readonly peakBytes: number };

/** Copies until it ends, or is killed once so many events are said to be copied. */
const copy = async ({ from, to, dataDir, url }: Way, until: number): Promise<Ended> => {
  const preloaded = ['--import', join(import.meta.dirname, 'report-memory.ts')];
  const child = spawn(process.execPath, [...preloaded, script, '--from', from, '--to', to], {
    env: { ...process.env, SENTINEL_DATA_DIR: dataDir, EVENTSTORE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const complained = text(child.stderr);
  let digest: string | undefined;
  let told = '';
  for await (const line of createInterface({ input: child.stdout })) {
    told = line;
    digest = /Digest of both: (\w+)/.exec(line)?.[1] ?? digest;
    const copied = Number(/^copying: (\d+)/.exec(line)?.[1] ?? 0);
    if (copied >= until && child.kill('SIGKILL')) say(`  killed: ${line}`);
  }
  const [code, signal] = await exited;
  const said = await complained;
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the copy failed: ${told} ${said}`);
  const peak = Number(/^peak memory (\d+) kB$/m.exec(said)?.[1] ?? 0);
  return { digest, peakBytes: peak * 1024 };
};

const copyCut = async (way: Way, events: number): Promise<Ended> => {
  for (let cut = 1; cut <= cutsEachWay; cut++) await copy(way, (events * cut) / (cutsEachWay + 1));
  const begin = performance.now();
  const ended = await copy(way, Number.POSITIVE_INFINITY);
  const seconds = ((performance.now() - begin) / msPerSecond).toFixed(0);
  say(`  ${way.from} to ${way.to}: the last part in ${seconds} s, ${megabytes(ended.peakBytes)}`);
  return ended;
};

/** Moves the log in `dataDir` to a fake of EventStoreDB in a process of its own, and back into a new folder. */
export const moveThereAndBack = async (
  dataDir: string,
  events: number,
): Promise<readonly Verdict[]> => {
  const back = await ownFolder();
  const fake = await openTestFake();
  try {
    const { url } = fake;
    const begin = performance.now();
    const there = await copyCut({ from: 'postgres', to: 'eventstore', dataDir, url }, events);
    const again = await copyCut({ from: 'eventstore', to: 'postgres', dataDir: back, url }, events);
    say(
      `  both ways with ${2 * cutsEachWay} cuts: ${((performance.now() - begin) / msPerSecond).toFixed(0)} s`,
    );
    const equal = there.digest !== undefined && there.digest === again.digest;
    const most = Math.max(there.peakBytes, again.peakBytes) / bytesPerMegabyte;
    return [
      atLeast(
        1,
        `one digest of ${events} events, moved there and back, killed ten times`,
        equal ? 1 : 0,
      ),
      atMost(600, 'memory of that, in MB', most),
    ];
  } finally {
    await fake.dispose();
    await rm(back, { recursive: true, force: true });
  }
};

/** The log of many days moves from one store to the other and back, while its program is killed. */
export const measureMigration = async (events: number): Promise<readonly Verdict[]> => {
  const dataDir = await ownFolder();
  try {
    say(`migration of ${events} events:`);
    await livePastDays(dataDir, events);
    return await moveThereAndBack(dataDir, events);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

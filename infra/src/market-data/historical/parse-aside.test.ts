import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnfitBars } from './faults.ts';
import { type LoadWatch, loadLibrary } from './library.ts';
import { barsOfDays, stampedFile, tradingDays } from './test-days.ts';

// About two hundred thousand minutes: long enough for a thread of its own.
const long = stampedFile(
  barsOfDays(tradingDays('2015-01-05', 500), { minutes: 1, hours: [570, 960] }),
  'America/New_York',
);
const folders: string[] = [];
const load = async (text: string, watch?: LoadWatch) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-aside-'));
  folders.push(folder);
  await writeFile(join(folder, 'LONG.csv'), text);
  return loadLibrary(folder, 'nyse', watch);
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe('a long file of bars', () => {
  let library: Awaited<ReturnType<typeof loadLibrary>>;
  let turns = 0;
  let longestMs = 0;
  let wholeMs = 0;
  beforeAll(async () => {
    const began = performance.now();
    let last = began;
    const look = (): void => {
      const now = performance.now();
      longestMs = Math.max(longestMs, now - last);
      last = now;
      turns++;
    };
    const timer = setInterval(look, 1);
    library = await load(long);
    look();
    clearInterval(timer);
    wholeMs = performance.now() - began;
  });

  test('is parsed while everything else goes on', () => {
    expect(turns).toBeGreaterThan(20);
    expect(longestMs / wholeMs).toBeLessThan(0.4);
  });

  test('has every bar of it', () => {
    const [history] = library.histories.values();
    // Three of the days end three hours early, and what was traded behind them is left out.
    expect(history?.start.length).toBe(500 * 390 - 3 * 180);
    expect(library.sessions.length).toBe(500);
  });

  test('is refused with its faults, as a short one is', async () => {
    const lines = long.split('\n');
    lines[150_000] = '2016-07-18 11:00:00,-1,2,3,4,5';
    const refused = await load(lines.join('\n')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnfitBars);
    expect((refused as UnfitBars).faults[0]).toMatchObject({ file: 'LONG.csv', line: 150_001 });
  });

  test('is given up in its midst', async () => {
    const control = new AbortController();
    const reason = new Error('stopped');
    const waiting = load(long, {
      signal: control.signal,
      progress: () => setTimeout(() => control.abort(reason), 60),
    });
    await expect(waiting).rejects.toBe(reason);
  });
});

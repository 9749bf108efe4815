import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, parseConfig } from '@sentinel/infra/config';
import { afterAll, expect, test } from 'vitest';
import { openMarket } from './open-market.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const config = (environment: Record<string, string>): Config => {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
};

const files = 40;
const libraryConfig = async (): Promise<Config> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-open-market-'));
  folders.push(folder);
  const days = ['2026-11-16', '2026-11-17', '2026-11-18'];
  const text = ['date,open,high,low,close,volume', ...days.map((day) => `${day},10,11,9,10,1000`)];
  for (let i = 0; i < files; i++) {
    const name = `A${String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))}`;
    await writeFile(join(folder, `${name}.csv`), `${text.join('\n')}\n`);
  }
  return config({ MARKET_DATA_PROVIDER: 'historical', MARKET_DATA_DIR: folder });
};

test('a replay says that its files are read', async () => {
  const said: string[] = [];
  const opening = { resumeFrom: undefined, signal: new AbortController().signal };
  const { market } = await openMarket(await libraryConfig(), {
    ...opening,
    say: (line) => said.push(line),
  });
  expect(said.at(-1)).toContain(`read ${files} of ${files} files of bars`);
  await market.close();
});

test('a start that is ended while bars are read ends between two files', async () => {
  const ending = new AbortController();
  const said: string[] = [];
  const own = await libraryConfig();
  // What a signal of the terminal does: it is heard only where the reading lets others in.
  setImmediate(() => setImmediate(() => ending.abort()));
  const opened = openMarket(own, {
    ...{ resumeFrom: undefined, signal: ending.signal },
    say: (line) => said.push(line),
  });
  await expect(opened).rejects.toThrow('aborted');
  expect(said).toEqual([]);
});

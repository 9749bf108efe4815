import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchangeDays } from '@sentinel/contracts/market';
import { readBarFile } from '../../market-data/index.ts';
import { importSources, type Outcome } from '../import-files.ts';
import { readOptions } from '../options.ts';
import type { ReferenceBar } from './reference.ts';

/** Imports files from a folder of their own, without writing. */
export const imported = async (
  files: Readonly<Record<string, string | Uint8Array>>,
  ...flags: readonly string[]
): Promise<readonly Outcome[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-import-'));
  try {
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, name), content);
    const options = readOptions([folder, '--into', join(folder, 'none'), ...flags]);
    const outcomes: Outcome[] = [];
    for await (const outcome of importSources(options, () => undefined)) outcomes.push(outcome);
    return outcomes;
  } finally {
    await rm(folder, { recursive: true });
  }
};

const rowOf = (time: string | number, figures: readonly (string | number)[]): string =>
  [time, ...figures.map(Number)].join(' ');

/** The bars of an outcome by their times, as figures: 1 and 1.00 are the same. */
export const barsOf = ({ proven }: Outcome): readonly string[] => {
  if (proven === undefined) return [];
  const { bars, timeframe } = readBarFile('READ.csv', proven.content);
  return Array.from({ length: bars.length }, (_, i) => {
    const figures = [bars.open, bars.high, bars.low, bars.close].map((of) => (of[i] ?? 0) / 1e6);
    const day = exchangeDays.dateOf(bars.day[i] ?? 0);
    return rowOf(timeframe === '1Day' ? day : (bars.startMs[i] ?? 0), [
      ...figures,
      bars.volume[i] ?? 0,
    ]);
  });
};

export const expectedBars = (
  bars: readonly ReferenceBar[],
  kind: 'daily' | 'intraday',
): readonly string[] =>
  bars.map(({ ms, date, open, high, low, close, volume }) =>
    rowOf(kind === 'daily' ? date : ms, [open, high, low, close, volume]),
  );

/** What an outcome says, for people. */
export const said = (outcomes: readonly Outcome[]): string =>
  outcomes
    .flatMap(({ findings }) => findings.map(({ is, text, line }) => `${is} ${line} ${text}`))
    .join('\n');

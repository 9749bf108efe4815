import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { copyOf, testSettings } from './mutation/copy.ts';
import {
  excludedMutations,
  mutantsIn,
  mutatedRooms,
  rangeOf,
  sampleOf,
} from './mutation/mutants.ts';
import { readExcused, type Tried, verdictOn } from './mutation/survivors.ts';

const root = join(import.meta.dirname, '..', '..');
const patienceMs = 20_000;

/**
 * Changes one token at a time in the rooms of money, risk, orders and their views, and names every
 * change that no test notices. All of them take hours; `--sample 200 --seed 1` draws some. The arguments
 * name rooms or files to try instead of all.
 */
const { values, positionals } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: `${availableParallelism()}` },
  },
  allowPositionals: true,
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (folder: string): Promise<readonly Tried[]> => {
  const rooms = positionals.length > 0 ? positionals : mutatedRooms;
  const all = await mutantsIn(root, rooms);
  const count = values.sample === undefined ? all.length : Number(values.sample);
  const drawn = sampleOf(all, { count, seed: values.seed });
  say(`${drawn.length} of ${all.length} mutants, seed ${values.seed}`);
  copyOf(root, folder);
  process.chdir(folder);
  const results = await new Stryker({
    mutate: [...new Set(drawn.map(rangeOf))],
    mutator: { excludedMutations },
    testRunner: 'vitest',
    vitest: { configFile: testSettings, related: true },
    coverageAnalysis: 'perTest',
    // One that is made while a file loads is tried on every test: only the long form has the time.
    ignoreStatic: values.sample !== undefined,
    inPlace: true,
    concurrency: Number(values.workers),
    reporters: ['progress-append-only'],
    timeoutMS: patienceMs,
    allowConsoleColors: false,
  }).runMutationTest();
  return results
    .filter(({ status }) => status !== 'Ignored')
    .map(({ fileName, location, mutatorName, replacement, status }) => {
      const file = fileName.slice(folder.length + 1).replaceAll('\\', '/');
      const { start, end } = location;
      const lines = readFileSync(join(root, file), 'utf8')
        .split('\n')
        .slice(start.line - 1, end.line);
      const last = lines.length - 1;
      const original = lines
        .map((line, n) =>
          line.slice(n === 0 ? start.column - 1 : 0, n === last ? end.column - 1 : undefined),
        )
        .join('\n');
      return {
        ...{ file, line: start.line, mutator: mutatorName, original },
        ...{ replacement: replacement ?? '', status },
      };
    });
};

const folder = mkdtempSync(join(tmpdir(), 'sentinel-mutation-'));
try {
  const { lines, unexcused } = verdictOn(await run(folder), readExcused());
  for (const line of lines) say(line);
  process.exitCode = unexcused === 0 ? 0 : 1;
} finally {
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
}

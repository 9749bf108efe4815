import { mkdtempSync, rmSync } from 'node:fs';
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
import { triedIn } from './mutation/tried.ts';

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
    // Those of Stryker itself are named as well: a list of one's own takes their place.
    plugins: ['@stryker-mutator/*', join(import.meta.dirname, 'mutation/as-found.ts')],
    reporters: ['progress-append-only', 'as-found'],
    timeoutMS: patienceMs,
    dryRunTimeoutMinutes: 30,
    allowConsoleColors: false,
  }).runMutationTest();
  return results
    .filter(({ status }) => status !== 'Ignored')
    .map((result) => triedIn(folder, result));
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

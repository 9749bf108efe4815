import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyOf } from './mutation/copy.ts';
import { tryFromStart } from './mutation/from-start.ts';
import { type Mutant, mutantsIn, mutatedRooms, sampleOf } from './mutation/mutants.ts';
import { isExcused, readExcused, type Tried, verdictOn, wordsOf } from './mutation/survivors.ts';
import { type Outcome, tryMutants } from './mutation/trial.ts';
import { triedIn } from './mutation/tried.ts';
import { endAll } from './mutation/worker.ts';

const root = join(import.meta.dirname, '..', '..');
/** Milliseconds of tests on which each is tried, and then those that are left. */
const budgetsMs = [4_000, 60_000];

/**
 * Changes one token at a time in the rooms of money, risk, orders and their views, and names every
 * change that no test notices: first on the quick tests that reach it, then those that are left on all.
 * `--sample 200 --seed 1` draws some. The arguments name rooms or files to try instead of all. Those
 * beside which a reason stands are not tried, but with `--again`.
 */
const { values, positionals } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: `${availableParallelism()}` },
    again: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const workers = Number(values.workers);

const isNoticed = ({ status }: Outcome): boolean => status === 'Killed' || status === 'Timeout';

/** Gathers what became of mutants, and names those that survive as they do. */
const gather = (total: number) => {
  const outcomes: Outcome[] = [];
  const onOutcome = (outcome: Outcome): void => {
    outcomes.push(outcome);
    if (!isNoticed(outcome)) say(wordsOf(triedIn(root, outcome.mutant, outcome.status)));
    if (outcomes.length % 100 === 0) say(`${outcomes.length} of ${total} tried`);
  };
  return { outcomes, onOutcome };
};

/** Another look is worth its time: not every test was tried, or a module made something of it as it loaded. */
const isDoubtful = ({ status, isStatic }: Outcome): boolean =>
  status === 'Survived' || (status === 'NoCoverage' && isStatic);

const run = async (folder: string): Promise<readonly Tried[]> => {
  const rooms = positionals.length > 0 ? positionals : mutatedRooms;
  const { files, mutants } = await mutantsIn(root, rooms);
  const excused = readExcused();
  const isTried = (mutant: Mutant): boolean =>
    values.again || !isExcused(triedIn(root, mutant, 'Survived'), excused);
  const { sample, seed } = values;
  const drawn = sample === undefined ? mutants : sampleOf(mutants, { count: Number(sample), seed });
  const tried = drawn.filter(isTried);
  say(`${tried.length} of ${mutants.length} mutants`);
  copyOf(root, folder);
  for (const { name, content } of files) writeFileSync(join(folder, name), content);
  const sure: Outcome[] = [];
  let left = tried;
  let doubtful: readonly Outcome[] = [];
  for (const budgetMs of budgetsMs) {
    const { outcomes, onOutcome } = gather(left.length);
    await tryMutants(left, { folder, workers, budgetMs, onOutcome, say });
    sure.push(...outcomes.filter((outcome) => !isDoubtful(outcome)));
    doubtful = outcomes.filter(isDoubtful);
    left = doubtful.map(({ mutant }) => mutant);
    say(`${left.length} survived ${budgetMs / 1_000} s of tests`);
  }
  say('They are tried on every test that reaches them, from the start of a process');
  const { outcomes, onOutcome } = gather(left.length);
  await tryFromStart(doubtful, { folder, workers, onOutcome });
  return [...sure, ...outcomes].map(({ mutant, status }) => triedIn(root, mutant, status));
};

const folder = mkdtempSync(join(tmpdir(), 'sentinel-mutation-'));
process.once('exit', () => {
  endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const { lines, unexcused } = verdictOn(await run(folder), readExcused());
for (const line of lines) say(line);
process.exitCode = unexcused === 0 ? 0 : 1;

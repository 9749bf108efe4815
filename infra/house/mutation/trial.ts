import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { TrialStep } from './trial-order.ts';
import { end, follow, startVitest } from './worker.ts';

export type Outcome = {
  readonly mutant: Mutant;
  readonly status: 'Killed' | 'Survived' | 'NoCoverage' | 'Timeout';
  /** Reached while modules loaded as well. */
  readonly isStatic: boolean;
  /** Files of the tests that reach it. */
  readonly files: readonly string[];
};

export type Trial = {
  /** The copy whose sources hold the mutants. */
  readonly folder: string;
  readonly workers: number;
  /** Milliseconds of tests, quick ones first, on which a mutant is tried. */
  readonly budgetMs: number;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly say: (line: string) => void;
};

type Progress = {
  /** Those that are still to be tried: the next one first. */
  readonly left: Mutant[];
  trying: string | undefined;
  hasTried: boolean;
};

const take = ({ left }: Progress, id: string): Mutant => {
  const mutant = left.shift();
  if (mutant?.id !== id) throw new Error(`${id} was tried where ${mutant?.id} was due`);
  return mutant;
};

const hear = (step: TrialStep, progress: Progress, { onOutcome, say }: Trial): void => {
  if (step.kind === 'began')
    say(`${step.tests} tests pass; fail: ${step.failed.join(', ') || 'none'}`);
  if (step.kind === 'not repeatable') say(`cannot run again: ${step.test}`);
  if (step.kind === 'trying') progress.trying = step.id;
  if (step.kind !== 'tried') return;
  progress.trying = undefined;
  // What an earlier mutant left behind may have failed this test: it is tried again in a fresh process.
  const isSure = step.status !== 'Killed' || step.isClean || !progress.hasTried;
  progress.hasTried = true;
  if (!isSure) return;
  const { status, isStatic, files } = step;
  onOutcome({ mutant: take(progress, step.id), status, isStatic, files });
};

/** Processes one after the other, each from where the last one ended. */
const work = async (mutants: readonly Mutant[], name: string, trial: Trial): Promise<void> => {
  const left = [...mutants];
  const steps = join(trial.folder, `steps-${name}.jsonl`);
  while (left.length > 0) {
    rmSync(steps, { force: true });
    const progress: Progress = { left, trying: undefined, hasTried: false };
    const tried = left.map(({ id, file }) => ({ id, file }));
    const order = { mutants: tried, steps, budgetMs: trial.budgetMs };
    const child = startVitest(trial.folder, { order, more: [] });
    try {
      const onStep = (step: TrialStep): void => hear(step, progress, trial);
      const { wasSilent } = await follow(child, { steps, onStep });
      const { trying, hasTried } = progress;
      if (wasSilent && trying !== undefined)
        trial.onOutcome({
          ...{ mutant: take(progress, trying), status: 'Timeout', isStatic: false, files: [] },
        });
      else if (!hasTried) throw new Error(`no mutant was tried: run vitest in ${trial.folder}`);
    } finally {
      end(child);
    }
  }
};

/** Tries mutants on the tests that reach them, in so many processes at once. */
export const tryMutants = async (mutants: readonly Mutant[], trial: Trial): Promise<void> => {
  const shares = Array.from({ length: trial.workers }, (_, n) =>
    mutants.filter((_mutant, at) => at % trial.workers === n),
  );
  await Promise.all(shares.map((share, n) => work(share, `${n}`, trial)));
};

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Trial } from './trial.ts';
import { end, isOver, startVitest } from './worker.ts';

const lookEveryMs = 200;
const longestMs = 1_200_000;

type Report = { readonly numFailedTests: number; readonly numFailedTestSuites: number };

/** Tests of these files, or of all, on one mutant that is in force before any module loads. */
const noticedFromStart = async (
  { mutant, isStatic, files }: Outcome,
  folder: string,
): Promise<Outcome['status']> => {
  const report = join(folder, `report-${mutant.id}.json`);
  const child = startVitest(folder, {
    order: { mutants: [], fromStart: mutant.id },
    more: ['--bail', '1', '--reporter', 'json', '--outputFile', report, ...(isStatic ? [] : files)],
  });
  const beganMs = performance.now();
  try {
    while (!isOver(child)) {
      if (performance.now() - beganMs > longestMs) return 'Timeout';
      await sleep(lookEveryMs);
    }
    if (child.exitCode === 0) return 'Survived';
    const { numFailedTests, numFailedTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as Report;
    if (numFailedTests + numFailedTestSuites > 0) return 'Killed';
    throw new Error(`vitest ended with ${child.exitCode}, and no test failed`);
  } finally {
    end(child);
    rmSync(report, { force: true });
  }
};

/**
 * Tries survivors once more, each in a process of its own: what modules make as they load, and what they
 * remember of an earlier test, is then made with the mutant.
 */
export const tryFromStart = async (
  survivors: readonly Outcome[],
  { folder, workers, onOutcome }: Pick<Trial, 'folder' | 'workers' | 'onOutcome'>,
): Promise<void> => {
  const left = [...survivors];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      onOutcome({ ...next, status: await noticedFromStart(next, folder) });
  };
  await Promise.all(Array.from({ length: workers }, work));
};

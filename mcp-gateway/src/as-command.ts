import { OperatorProblem } from './operator-problem.ts';

/** Runs a person's command: what it answers is written, and what a person can mend is one sentence and a 1. */
export const asCommand = async (
  run: (args: readonly string[]) => Promise<string>,
): Promise<void> => {
  try {
    process.stdout.write(`${await run(process.argv.slice(2))}\n`);
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
};

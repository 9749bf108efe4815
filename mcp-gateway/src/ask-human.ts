import { createInterface } from 'node:readline/promises';
import { OperatorProblem } from './operator-problem.ts';

/** Asks the person at the terminal. @throws OperatorProblem where there is no terminal */
export const askHuman = async (question: string, usage: string): Promise<boolean> => {
  if (!process.stdin.isTTY) {
    throw new OperatorProblem(`A human must answer, and there is no terminal here.\n${usage}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
};

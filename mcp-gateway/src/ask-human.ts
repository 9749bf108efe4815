import { createInterface } from 'node:readline/promises';
import { OperatorProblem } from './operator-problem.ts';

/** What the person at the terminal writes; nothing where they end it. @throws OperatorProblem where there is no terminal */
const ask = async (question: string, usage: string): Promise<string> => {
  if (!process.stdin.isTTY) {
    throw new OperatorProblem(`A human must answer, and there is no terminal here.\n${usage}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), ended]);
  terminal.close();
  return answer.trim().toLowerCase();
};

const isYes = (answer: string): boolean => answer === 'y' || answer === 'yes';

/** Asks the person at the terminal. @throws OperatorProblem where there is no terminal */
export const askHuman = async (question: string, usage: string): Promise<boolean> =>
  isYes(await ask(`${question} [y/N] `, usage));

/**
 * Asks for a yes or a no, each of which is an answer; whoever writes anything else leaves it for later.
 * @throws OperatorProblem where there is no terminal
 */
export const askYesNoLater = async (
  question: string,
  usage: string,
): Promise<'yes' | 'no' | 'later'> => {
  const answer = await ask(`${question} y: yes; n: no; Enter: later. `, usage);
  if (isYes(answer)) return 'yes';
  return answer === 'n' || answer === 'no' ? 'no' : 'later';
};

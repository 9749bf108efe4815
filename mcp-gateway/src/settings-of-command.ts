import { type Config, readConfig } from '@sentinel/infra/config';
import { OperatorProblem } from './operator-problem.ts';

/** The settings of a person's command; names that are probably slips are said. @throws OperatorProblem */
export const settingsOfCommand = (
  environment: Readonly<Record<string, string | undefined>>,
): Config => {
  const read = readConfig(environment);
  if (!read.ok) throw new OperatorProblem(`${read.refusal.message} ${read.refusal.remedy}`);
  for (const hint of read.value.hints) process.stderr.write(`${hint}\n`);
  return read.value.config;
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { Tried } from './survivors.ts';

/** What became of a mutant, in our words, with the text as it stands in the sources. */
export const triedIn = (
  root: string,
  { file, start, end, mutator, replacement }: Mutant,
  status: string,
): Tried => {
  const lines = readFileSync(join(root, file), 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  const last = lines.length - 1;
  const original = lines
    .map((line, n) => line.slice(n === 0 ? start.column : 0, n === last ? end.column : undefined))
    .join('\n');
  return { file, line: start.line + 1, mutator, original, replacement, status };
};

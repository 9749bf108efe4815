import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Tried } from './survivors.ts';

/** What Stryker says of a mutant: lines count from 1 here, and its file is the one in the copy. */
export type Result = {
  readonly fileName: string;
  readonly location: { readonly start: Place; readonly end: Place };
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
  readonly status: string;
};
type Place = { readonly line: number; readonly column: number };

const root = join(import.meta.dirname, '..', '..', '..');

/** A result in our words, with the text as it stands in the sources; the copy in `folder` holds mutants. */
export const triedIn = (
  folder: string,
  { fileName, location: { start, end }, mutatorName, replacement, status }: Result,
): Tried => {
  const file = relative(folder, fileName).replaceAll('\\', '/');
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
};

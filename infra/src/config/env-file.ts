import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Outcome } from '@sentinel/contracts/kernel';
import { accepted, refused } from '@sentinel/contracts/kernel';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names the `.env` to read. The launcher sets it, so that what tests start reads nobody's. */
export const envFileVariable = 'SENTINEL_ENV_FILE';

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;
const saysNothing = /^\s*(#.*)?$/;
const byteOrderMark = /^\uFEFF/;

const isUnclosed = (value: string): boolean => {
  const [quote = ''] = value;
  return /["'`]/.test(quote) && !value.includes(quote, 1);
};

type Line = { readonly name: string } | { readonly wrong: string } | undefined;

const lookAt = (line: string): Line => {
  if (saysNothing.test(line)) return undefined;
  const [, name, value = ''] = assignment.exec(line) ?? [];
  if (name === undefined) return { wrong: 'is not of the form NAME=value' };
  return isUnclosed(value) ? { wrong: 'opens a quote that it does not close' } : { name };
};

/** The words never hold what the file sets: keys stand there. */
const problemOf = (text: string): string | undefined => {
  const firstLines = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const found = lookAt(line);
    if (found === undefined) continue;
    if ('wrong' in found) return `line ${index + 1} ${found.wrong}`;
    const first = firstLines.get(found.name);
    if (first !== undefined)
      return `line ${index + 1} sets ${found.name}, which line ${first} has set already`;
    firstLines.set(found.name, index + 1);
  }
  return undefined;
};

const readText = (path: string): Outcome<string, 'BAD_SETTING'> => {
  try {
    return accepted(readFileSync(path, 'utf8').replace(byteOrderMark, ''));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    if (code === 'ENOENT') return accepted('');
    return refused('BAD_SETTING', `${path} cannot be read (${code}).`, 'Make it readable.');
  }
};

/** What the `.env` that the environment names sets; nothing when it names none, or none is there. */
export const readEnvFile = (environment: Environment): Outcome<Environment, 'BAD_SETTING'> => {
  const path = environment[envFileVariable];
  if (path === undefined) return accepted({});
  const text = readText(path);
  if (!text.ok) return text;
  const problem = problemOf(text.value);
  return problem === undefined
    ? accepted(parseEnv(text.value))
    : refused('BAD_SETTING', `${path}: ${problem}.`, 'Correct that line and start again.');
};

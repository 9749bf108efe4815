import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import { parameterRanges } from './parameter-ranges.ts';
import type { StrategyDefinition } from './strategy.ts';

type Parameters = Readonly<Record<string, number>>;

/** Changes that lead from one text to the other, each of one letter. */
const distanceBetween = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let n = 1; n <= b.length; n++) {
      const same = a[i - 1] === b[n - 1] ? 0 : 1;
      next.push(Math.min((row[n] ?? 0) + 1, (next[n - 1] ?? 0) + 1, (row[n - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** Of these names the one that is meant most likely. */
export const nearest = (name: string, names: readonly string[]): string | undefined =>
  [...names].sort(
    (a, b) =>
      distanceBetween(name.toLowerCase(), a.toLowerCase()) -
      distanceBetween(name.toLowerCase(), b.toLowerCase()),
  )[0];

const problemOf = (name: string, value: number, defaults: Parameters): string | undefined => {
  const names = Object.keys(defaults);
  if (!Object.hasOwn(defaults, name))
    return `${name.slice(0, 40)} is no parameter of it (did you mean ${nearest(name.slice(0, 40), names)}?)`;
  const range = parameterRanges[name as keyof typeof parameterRanges];
  const { least, most, whole } = range;
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits
    ? undefined
    : `${name} is ${value} and must be ${whole ? 'a whole number ' : ''}from ${least} to ${most}`;
};

/** The type's own parameters with those that were given in their places; all problems at once. */
export const parametersFor = (
  { id, parameters: defaults }: Pick<StrategyDefinition, 'id' | 'parameters'>,
  given: Parameters,
): Outcome<Parameters, 'INVALID_ARGUMENT'> => {
  const problems = Object.entries(given).flatMap(
    ([name, value]) => problemOf(name, value, defaults) ?? [],
  );
  if (problems.length === 0) return accepted({ ...defaults, ...given });
  const own = Object.entries(defaults).map(([name, value]) => `${name} ${value}`);
  return refused(
    'INVALID_ARGUMENT',
    `${problems.join('; ')}.`,
    `The parameters of ${id} and their own values: ${own.join(', ')}.`,
  );
};

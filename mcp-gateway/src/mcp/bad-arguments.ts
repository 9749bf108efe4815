import type { Refusal } from '@sentinel/contracts/kernel';
import type { z } from 'zod';
import { nearest } from './nearest.ts';

/** How an argument of this name may look, where its schema does not say so in its own words. */
const examples: Readonly<Record<string, string>> = {
  symbol: '"NVDA"',
  symbols: '["NVDA","MSFT"]',
  qty: '10',
  limit_price: '"120.50"',
  stop_price: '"110"',
  take_profit: '"130"',
  stop_loss: '"110"',
  trail: '"1.5%"',
  limit: '20',
  strategy: '"momentum_v1"',
  strategies: '["momentum_v1"]',
  strategy_id: '"momentum_v1"',
  order_id: '"01890000-0000-7000-8000-000000000001"',
  signal_id: '"01890000-0000-7000-8000-000000000001"',
  group: '"tech"',
  reason: '"the spread is too wide"',
  confidence: '0.7',
  min_position: '"1234"',
};

const mostProblems = 8;
const longestValue = 40;

/** What a caller wrote, cut short: it may be anything. */
const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
};

const valueAt = (given: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    given,
  );

const exampleOf = (name: string): string => {
  const example = Object.hasOwn(examples, name) ? examples[name] : undefined;
  return example === undefined ? '' : `, such as ${example}`;
};

const unknownNames = (keys: readonly string[], names: readonly string[]): readonly string[] =>
  keys.map((key) => {
    const meant = nearest(key, names);
    const help =
      meant !== undefined
        ? `did you mean ${meant}?`
        : names.length === 0
          ? 'it takes none.'
          : `there are ${names.join(', ')}.`;
    return `There is no argument ${shown(key)}: ${help}`;
  });

const problemsOf = (
  issue: z.core.$ZodIssue,
  given: unknown,
  names: readonly string[],
): readonly string[] => {
  if (issue.code === 'unrecognized_keys') return unknownNames(issue.keys, names);
  const field = issue.path.join('.');
  if (field === '') return [`The arguments must be an object, not ${shown(given)}.`];
  const value = valueAt(given, issue.path);
  const example = exampleOf(`${issue.path[0] as string}`);
  if (value === undefined) {
    const values = issue.code === 'invalid_value' ? `: one of ${issue.values.join(', ')}` : example;
    return [`${field} is missing${values}.`];
  }
  if (issue.code === 'invalid_value')
    return [`${field}: ${shown(value)} is not one of ${issue.values.join(', ')}.`];
  const help = issue.message.includes('such as') ? '' : example;
  return [`${field}: ${shown(value)}: ${issue.message}${help}.`];
};

/** All that is wrong with the arguments at once, each with the value given and how it should be. */
export const badArguments = (
  error: z.ZodError,
  given: unknown,
  names: readonly string[],
): Refusal => {
  const problems = error.issues.flatMap((issue) => problemsOf(issue, given, names));
  const more = problems.length - mostProblems;
  const rest = more > 0 ? [`And ${more} more.`] : [];
  return {
    code: 'INVALID_ARGUMENT',
    message: [...problems.slice(0, mostProblems), ...rest].join(' '),
    remedy: `Correct ${problems.length === 1 ? 'it' : 'them'} and call again; nothing was done.`,
  };
};

import type { z } from 'zod';

/** Whether a value that is of the right kind passes. */
export type Test = (wire: unknown) => boolean;

export const anything: Test = () => true;

/** Whether a value passes all checks; undefined when one of them is of a kind not known here. */
export const testOf = (checks: readonly z.core.$ZodCheck<never>[]): Test | undefined => {
  const tests = checks.map((check) => testOfOne((check as z.core.$ZodChecks)._zod.def));
  const [first = anything, ...others] = tests;
  return tests.includes(undefined) || others.length > 1
    ? undefined
    : others[0] === undefined
      ? first
      : both(first, others[0]);
};

const both =
  (one: Test, other: Test): Test =>
  (wire) =>
    one(wire) && other(wire);

const testOfOne = (def: z.core.$ZodChecks['_zod']['def']): Test | undefined => {
  const { check } = def;
  switch (check) {
    case 'string_format': {
      const { format, pattern } = def;
      if (format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky)
        return undefined;
      return (wire) => pattern.test(wire as string);
    }
    case 'greater_than': {
      const { value, inclusive } = def;
      if (typeof value !== 'number') return undefined;
      return (wire) => (wire as number) > value || (inclusive && wire === value);
    }
    case 'less_than': {
      const { value, inclusive } = def;
      if (typeof value !== 'number') return undefined;
      return (wire) => (wire as number) < value || (inclusive && wire === value);
    }
    default:
      return undefined;
  }
};

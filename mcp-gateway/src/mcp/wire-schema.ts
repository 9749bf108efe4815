import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';

export type ObjectSchema = Tool['inputSchema'];

/** What a whole number is without being said: the bounds of the engine's exact integers. */
const largestInteger = Number.MAX_SAFE_INTEGER;

/** What the server's instructions say once of every answer, and the reference of every field. */
const said: ReadonlySet<unknown> = new Set([
  'US dollars, a decimal string',
  'US dollars per share, a decimal string',
  'shares, a decimal string',
  'a decimal string',
  'an instant in UTC, ISO 8601',
  'position in the event log',
  'cursor of the next page; null at the end',
]);

/** What they say once of the arguments that many tools share. */
const saidOfArguments: ReadonlySet<unknown> = new Set([
  'no older than this log position',
  'next_cursor of the page before',
  'an instant, or a date such as 2026-11-23',
  'an instant, or a date, which counts in full',
]);

/** An enumeration longer than this in an answer is told by the reference alone. */
const longestEnumeration = 6;
const patternOfIds = /^\^(\[0-9a-f\]\{8\}-|\\d\{1,39\})/;

/**
 * Takes out what tells a model nothing: bounds that no number meets, how ids are spelt and how long a
 * text may be, which a refusal says where it matters. An answer holds its fields always, and null for what
 * is absent: to name them a second time as required takes a third of a schema and says nothing either.
 */
const shorten = (json: Record<string, unknown>, side: 'arguments' | 'answers'): void => {
  if (json.minimum === -largestInteger) delete json.minimum;
  if (json.maximum === largestInteger) delete json.maximum;
  if (typeof json.pattern === 'string' && patternOfIds.test(json.pattern)) delete json.pattern;
  delete json.minLength;
  delete json.maxLength;
  delete json.propertyNames;
  if (side === 'arguments') {
    if (saidOfArguments.has(json.description)) delete json.description;
    return;
  }
  delete json.pattern;
  delete json.required;
  if (json.additionalProperties === false) delete json.additionalProperties;
  if (Array.isArray(json.enum) && json.enum.length > longestEnumeration) delete json.enum;
  if (said.has(json.description)) delete json.description;
};

/** The wire side of a schema: what travels, which for a codec is its input. */
export const wireSchema = (schema: z.ZodType, side: 'arguments' | 'answers'): ObjectSchema => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => shorten(jsonSchema as Record<string, unknown>, side),
  });
  if (json.type !== 'object') throw new Error('the schema of a tool must be an object at its root');
  return { ...json, additionalProperties: false } as ObjectSchema;
};

import type { z } from 'zod';

/**
 * Reads arguments as models write them, where the meaning is certain: null for absent, any case of an
 * enumeration, numbers as text and text as numbers, JSON as text, one text for a list of one, blanks
 * around, ids in any case. What is not certain stays as it was given, for the schema to refuse.
 */
export const readAsWritten = (schema: z.core.$ZodType, given: unknown): unknown => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return readObject(def.shape, given);
    case 'optional':
    case 'nullable':
    case 'default':
      return readAsWritten(def.innerType, given);
    case 'pipe':
      return readAsWritten(def.in, given);
    case 'array':
      return readList(def.element, given);
    case 'enum':
      return readEnum(schema, given);
    case 'number':
      return readNumber(given);
    case 'boolean':
      return readBoolean(given);
    case 'string':
      return readText(given);
    case 'unknown':
      return trimmed(given);
    default:
      return given;
  }
};

const spellings = new WeakMap<z.core.$ZodType, ReadonlyMap<string, string>>();

/** Other spellings of an enumeration's values that are as good, in lower case: one in capitals goes before. */
export const alsoSpelt = <Schema extends z.core.$ZodType>(
  schema: Schema,
  others: Readonly<Record<string, string>>,
): Schema => {
  spellings.set(schema, new Map(Object.entries(others)));
  return schema;
};

const trimmed = (given: unknown): unknown => (typeof given === 'string' ? given.trim() : given);

/** What a text says as JSON; undefined when it says nothing. */
const fromJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readObject = (shape: Readonly<Record<string, z.core.$ZodType>>, given: unknown): unknown => {
  const read = typeof given === 'string' ? fromJson(given) : given;
  if (!isObject(read)) return given;
  return Object.fromEntries(
    Object.entries(read).flatMap(([key, value]) => {
      if (value === null && Object.hasOwn(shape, key)) return [];
      const member = Object.hasOwn(shape, key) ? shape[key] : undefined;
      return [[key, member === undefined ? value : readAsWritten(member, value)]];
    }),
  );
};

/** A list as JSON text, as texts with commas between, or the one thing that it holds. */
const readList = (element: z.core.$ZodType, given: unknown): unknown => {
  const listed = Array.isArray(given) ? given : listOf(given);
  return listed === undefined ? given : listed.map((item) => readAsWritten(element, item));
};

const listOf = (given: unknown): readonly unknown[] | undefined => {
  if (typeof given !== 'string') return undefined;
  const json = fromJson(given);
  if (Array.isArray(json)) return json;
  const parts = given.split(',').map((part) => part.trim());
  return given.trim().startsWith('[') || parts.includes('') ? undefined : parts;
};

/** "Stop Limit" and "stop-limit" are `stop_limit`. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s-]+/g, '_');

const readEnum = (schema: z.core.$ZodType, given: unknown): unknown => {
  if (typeof given !== 'string') return given;
  const text = given.trim();
  const values = [...(schema._zod.values ?? [])].filter((value) => typeof value === 'string');
  if (values.includes(text)) return text;
  const same = values.filter((value) => plain(value) === plain(text));
  if (same.length === 1) return same[0];
  const others = spellings.get(schema);
  return others?.get(text) ?? others?.get(plain(text)) ?? text;
};

const decimal = /^[+-]?\d{1,15}(\.\d{1,15})?$/;

const readNumber = (given: unknown): unknown => {
  const text = trimmed(given);
  return typeof text === 'string' && decimal.test(text) ? Number(text) : text;
};

const readBoolean = (given: unknown): unknown => {
  const text = typeof given === 'string' ? given.trim().toLowerCase() : given;
  return text === 'true' ? true : text === 'false' ? false : given;
};

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A number is taken for its text while its digits are surely those that were written. */
const readText = (given: unknown): unknown => {
  if (typeof given === 'number' && Number.isFinite(given)) {
    const text = `${given}`;
    return text.replaceAll(/\D/g, '').length <= 15 && !text.includes('e') ? text : given;
  }
  const text = trimmed(given);
  return typeof text === 'string' && id.test(text) ? text.toLowerCase() : text;
};

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * One text for one value: keys sorted, no white space, undefined members left out. Digests are taken
 * of it, so it must never change meaning. Throws TypeError on what JSON cannot say (bigint, NaN).
 */
export const canonicalJson = (value: unknown): string => {
  const ordered = inOrder(value);
  return ordered === unordered ? spelledOut(value) : JSON.stringify(ordered);
};

/** Says that an object cannot be given its keys in order. */
const unordered = Symbol();

/**
 * The value with every object's keys in order, which the engine then writes several times as fast as
 * we could. Keys that look like array indices keep an order of their own in JavaScript, and
 * `__proto__` is no member when it is assigned: where one occurs the answer is `unordered`.
 */
const inOrder = (value: unknown): unknown => {
  if (isScalar(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const ordered = inOrder(item);
      if (ordered === unordered) return unordered;
      items.push(ordered);
    }
    return items;
  }
  const object = requirePlain(value);
  const members: Record<string, unknown> = {};
  for (const key of sortedKeys(object)) {
    const member = object[key];
    if (member === undefined) continue;
    const ordered = inOrder(member);
    if (ordered === unordered || key === '__proto__' || startsWithDigit(key)) return unordered;
    members[key] = ordered;
  }
  return members;
};

const spelledOut = (value: unknown): string => {
  if (isScalar(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spelledOut).join(',')}]`;
  const object = requirePlain(value);
  const members = sortedKeys(object)
    .filter((key) => object[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${spelledOut(object[key])}`);
  return `{${members.join(',')}}`;
};

const isScalar = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value));

const requirePlain = (value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return value as Record<string, unknown>;
  throw new TypeError(`has no canonical JSON: ${typeof value}`);
};

const startsWithDigit = (key: string): boolean => {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
};

/** By insertion: our objects are small, and mostly nearly in order. */
const sortedKeys = (object: object): readonly string[] => {
  const keys = Object.keys(object);
  if (keys.length > insertionSorted) return keys.sort();
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next] as string;
    let at = next;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
};

const insertionSorted = 40;

import { createHash } from 'node:crypto';
import { type Ability, abilities } from '@sentinel/contracts/access';
import { z } from 'zod';

/** A key that a setting names. The key itself is forgotten as soon as it is read. */
export type NamedKey = {
  readonly name: string;
  /** Of the key, hexadecimal. */
  readonly sha256: string;
  readonly abilities: readonly Ability[];
  /** By the wall clock; null for never. */
  readonly expiresAt: Temporal.Instant | null;
};

const leastCharacters = 32;
const leastDifferent = 12;
const mostKeys = 100;

/** Whether a text is long and varied enough to be drawn by lot: nobody guesses what opens the house. */
const isStrong = (text: string): boolean =>
  text.length >= leastCharacters && new Set(text).size >= leastDifferent && /^[!-~]+$/.test(text);
const strongIs = `at least ${leastCharacters} characters without spaces, ${leastDifferent} of them different`;

export const masterKey = z
  .string()
  .refine(isStrong, `is too weak: it must be ${strongIs}, such as openssl rand -base64 32 writes`);

/** The names of the earlier system's scopes are ours; `read` was what is now also called `look`. */
const abilityOf: Readonly<Record<string, Ability>> = {
  read: 'look',
  ...Object.fromEntries(abilities.map((ability) => [ability, ability])),
};

const nameIs = '"name" must be 1 to 100 letters, digits, spaces and _ . @ -';
const keyIs = `its "key" is too weak: it must be ${strongIs}`;
const digestIs = '"digest" must be the SHA-256 of the key in 64 hexadecimal digits';

const entrySchema = z.strictObject(
  {
    name: z.string(nameIs).regex(/^[\w.@ -]{1,100}$/, nameIs),
    key: z.string(keyIs).refine(isStrong, keyIs).optional(),
    digest: z
      .string(digestIs)
      .regex(/^[0-9a-f]{64}$/, digestIs)
      .optional(),
    scopes: z
      .array(
        z.enum(
          Object.keys(abilityOf),
          'a scope must be read, propose, trade or govern: no key has more',
        ),
        '"scopes" must be a list',
      )
      .min(1, '"scopes" must name at least one'),
    expires: z.iso
      .datetime({
        offset: true,
        error: '"expires" must be an instant such as 2027-01-01T00:00:00Z, or null',
      })
      .nullish(),
  },
  {
    // Which member it is stays unsaid: it may be a key that stands in the wrong place.
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? 'only name, key, digest, scopes and expires have a meaning in it'
        : 'must be an object with name, key or digest, scopes and expires',
  },
);

const readEntry = (given: unknown, place: number): NamedKey | string => {
  const parsed = entrySchema.safeParse(given);
  const wrong = (why: string) => `is refused for its entry ${place}: ${why}`;
  if (!parsed.success) return wrong(parsed.error.issues[0]?.message ?? 'it cannot be read');
  const { key, digest, scopes, expires } = parsed.data;
  if ((key === undefined) === (digest === undefined))
    return wrong('it must have either a "key" or a "digest"');
  return {
    name: parsed.data.name,
    sha256:
      digest ??
      createHash('sha256')
        .update(key ?? '')
        .digest('hex'),
    abilities: [...new Set(scopes.map((scope) => abilityOf[scope] as Ability))],
    expiresAt: expires == null ? null : Temporal.Instant.from(expires),
  };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the text, and that is full of keys.
    return undefined;
  }
};

const twice = (texts: readonly string[]): boolean => new Set(texts).size < texts.length;

/** Reads the keys, or says what is wrong with the first that is. No sentence holds any of a key. */
const readNamedKeys = (text: string): readonly NamedKey[] | string => {
  const given = parse(text);
  if (!Array.isArray(given) || given.length > mostKeys)
    return `must be a list in JSON of at most ${mostKeys} entries, each with name, key or digest, scopes and expires`;
  const read = given.map((each, n) => readEntry(each, n + 1));
  const wrong = read.find((each) => typeof each === 'string');
  if (wrong !== undefined) return wrong;
  const keys = read.filter((each) => typeof each !== 'string');
  if (twice(keys.map(({ name }) => name))) return 'names two keys alike';
  return twice(keys.map(({ sha256 }) => sha256)) ? 'names one key twice' : keys;
};

export const namedKeys = z.string().transform((text, context): readonly NamedKey[] => {
  const read = readNamedKeys(text);
  if (typeof read !== 'string') return read;
  // The text stays out of the issue as well.
  context.issues.push({ code: 'custom', input: undefined, message: read });
  return z.NEVER;
});

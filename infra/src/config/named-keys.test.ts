import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseConfig } from './parse.ts';

const key = 'q7-Zr2_mK9xV4bT1nW8sL0pD6hJ3fG5y';
const sha256 = createHash('sha256').update(key).digest('hex');
const entry = { name: 'batch', key, scopes: ['read'] };
const asked = { SENTINEL_AUTH_ENABLED: 'true' };

const read = (entries: unknown, more: Readonly<Record<string, string>> = asked) => {
  const text = typeof entries === 'string' ? entries : JSON.stringify(entries);
  const parsed = parseConfig({ ...more, SENTINEL_API_KEYS_JSON: text });
  return parsed.ok ? parsed.value.SENTINEL_API_KEYS_JSON : parsed.refusal.message;
};

test('keys are read by name, and forgotten but for their SHA-256', () => {
  const expires = '2027-01-01T00:00:00Z';
  const known = { name: 'batch', sha256, abilities: ['look', 'trade'] };
  expect(read([{ ...entry, scopes: ['read', 'look', 'trade'], expires }])).toEqual([
    { ...known, expiresAt: Temporal.Instant.from(expires) },
  ]);
  const { key: _, ...unkeyed } = entry;
  expect(read([{ ...unkeyed, digest: sha256, expires: null }])).toEqual([
    { ...known, abilities: ['look'], expiresAt: null },
  ]);
  expect(read([], {})).toEqual([]);
});

test.each([
  ['no list', { a: 1 }, 'must be a list in JSON'],
  ['no JSON', `[{"name":"batch","key":"${key}"`, 'must be a list in JSON'],
  ['too many', Array.from({ length: 101 }, () => entry), 'at most 100 entries'],
  ['a text in place of an entry', [key], 'entry 1: must be an object'],
  ['no name', [{ ...entry, name: undefined }], '"name" must be 1 to 100'],
  ['a key that is no text', [{ ...entry, key: 7 }], 'its "key" is too weak'],
  ['a name with a line in it', [{ ...entry, name: 'a\nb' }], '"name" must be 1 to 100'],
  ['a member that means nothing', [{ ...entry, [key]: 'x' }], 'only name, key, digest'],
  [
    'a short key',
    [entry, { ...entry, name: 'b', key: key.slice(1) }],
    'entry 2: its "key" is too weak',
  ],
  ['a key of few characters', [{ ...entry, key: 'abc'.repeat(20) }], 'its "key" is too weak'],
  ['a key with a space', [{ ...entry, key: `${key} ` }], 'its "key" is too weak'],
  ['neither key nor digest', [{ ...entry, key: undefined }], 'either a "key" or a "digest"'],
  ['both', [{ ...entry, digest: sha256 }], 'either a "key" or a "digest"'],
  [
    'a digest that is none',
    [{ ...entry, key: undefined, digest: key }],
    '"digest" must be the SHA-256',
  ],
  ['a scope that no key has', [{ ...entry, scopes: ['admin'] }], 'no key has more'],
  ['no scope', [{ ...entry, scopes: [] }], '"scopes" must name at least one'],
  ['scopes as a text', [{ ...entry, scopes: 'read' }], '"scopes" must be a list'],
  ['an end that is none', [{ ...entry, expires: 'soon' }], '"expires" must be an instant'],
  ['one name twice', [entry, { ...entry, key: `${key}x` }], 'names two keys alike'],
  ['one key twice', [entry, { ...entry, name: 'other' }], 'names one key twice'],
])('%s is refused in a sentence that holds no key', (_, entries, message) => {
  const said = read(entries);
  expect(said).toMatch(/^SENTINEL_API_KEYS_JSON /);
  expect(said).toContain(message);
  expect(said).not.toContain(key.slice(1, 9));
});

test('without authentication a list of keys would say what is not so', () => {
  expect(read([entry], {})).toContain('must be left out unless SENTINEL_AUTH_ENABLED is true');
});

test.each(['short', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'a b'.repeat(20)])(
  'a weak master key is refused, and not said: %s',
  (weak) => {
    const parsed = parseConfig({ SENTINEL_MASTER_KEY: weak });
    const said = parsed.ok ? 'taken' : parsed.refusal.message;
    expect(said).toContain('SENTINEL_MASTER_KEY is too weak');
    expect(said).not.toContain(weak);
  },
);

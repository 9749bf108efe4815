import { createHash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { NamedKey } from '@sentinel/infra/config';
import { expect, test } from 'vitest';
import { byKey } from './by-key.ts';
import { revokeKey } from './hand-out.ts';
import { adoptNamed, namedKeys } from './named.ts';
import { testKeys } from './test-keys.ts';

const key = 'an-old-key-of-the-earlier-system-0123456789';
const entry: NamedKey = {
  name: 'batch',
  sha256: createHash('sha256').update(key).digest('hex'),
  abilities: ['look'],
  expiresAt: null,
};

/** A house with a start of the program, as often as one is made. */
const startable = () => {
  const house = testKeys();
  return {
    ...house,
    start: async (entries: readonly NamedKey[]) => {
      const problems = await adoptNamed(entries, house.hand());
      const named = namedKeys(entries, house.pepper);
      const { pepper, now } = house;
      const authenticate = byKey({ house: () => house.house, pepper, named, now });
      const show = (shown: string) => {
        const request = new IncomingMessage(new Socket());
        request.headers.authorization = `Bearer ${shown}`;
        return authenticate(request);
      };
      const [keyId] = named.values();
      return { problems, show, keyId };
    },
  };
};

test('a key of the setting opens by a grant of the log, however it looks, and over restarts', async () => {
  const house = startable();
  for (let starts = 0; starts < 2; starts++) {
    const { problems, show } = await house.start([entry]);
    expect(problems).toEqual([]);
    const principal = await show(key);
    if (principal === 'unauthenticated' || principal.grant === undefined)
      throw new Error('not let in');
    expect((await house.grants.newest(principal.grant.grantId))?.grant.abilities).toEqual(['look']);
    expect(await show(`${key}x`)).toBe('unauthenticated');
  }
  expect(await house.eventStore.readAll()).toHaveLength(2);
});

test('one that the setting names no more opens nothing', async () => {
  const house = startable();
  await house.start([entry]);
  const { show } = await house.start([]);
  expect(await show(key)).toBe('unauthenticated');
});

test('one that a human revoked stays so, which is said at the next start', async () => {
  const house = startable();
  const { keyId, show } = await house.start([entry]);
  if (keyId === undefined) throw new Error('no key');
  await revokeKey(keyId, null, house.hand());
  expect(await show(key)).toBe('unauthenticated');
  const again = await house.start([entry]);
  expect(again.problems).toEqual([expect.stringContaining('"batch"')]);
  expect(again.problems.join()).not.toContain(key);
  expect(await again.show(key)).toBe('unauthenticated');
});

test('an entry with other scopes is another key: neither widens what was given', async () => {
  const house = startable();
  const first = await house.start([entry]);
  const wider = await house.start([{ ...entry, abilities: ['look', 'trade'] }]);
  expect(wider.keyId).not.toBe(first.keyId);
  const principal = await wider.show(key);
  expect(principal).not.toBe('unauthenticated');
});

test('one that has ended opens nothing, and is said to', async () => {
  const house = startable();
  const ended = { ...entry, expiresAt: house.begin };
  const { problems, show } = await house.start([ended]);
  expect(problems).toHaveLength(1);
  expect(await show(key)).toBe('unauthenticated');
});

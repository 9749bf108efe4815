import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { tools } from '@sentinel/contracts';
import { type Ability, abilities } from '@sentinel/contracts/access';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { newId } from '@sentinel/infra/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../http/test-gateway.ts';
import { wireName } from '../mcp/index.ts';
import { bridge } from '../stdio/bridge.ts';
import { newApiKey, shownKeyId } from './api-key.ts';
import { byKey } from './by-key.ts';
import { revokeKey, rotateKey } from './hand-out.ts';
import { testKeys } from './test-keys.ts';

let house: ReturnType<typeof testKeys>;
let gateway: TestGateway;
beforeEach(async () => {
  house = testKeys();
  gateway = await startTestGateway({ house: house.house, authenticate: authenticate() });
});
afterEach(() => gateway.close());

const authenticate = () =>
  byKey({ house: () => house.house, pepper: house.pepper, named: new Map(), now: house.now });

type Headers = Readonly<Record<string, string>>;
type Asked = { readonly path?: string; readonly tool?: string; readonly method?: string };

const ask = async (
  headers: Headers,
  { path = '/mcp', tool = 'market_health', method }: Asked = {},
) => {
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool, arguments: {} },
  };
  const response = await fetch(gateway.url(path), {
    method: method ?? 'POST',
    headers: {
      ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      ...headers,
    },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  });
  if (method === 'GET') await response.body?.cancel();
  return { status: response.status, text: method === 'GET' ? '' : await response.text() };
};
const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
const doors = ['/mcp', '/mcp/readonly', '/mcp?toolsets=all', '/messages?sessionId=x'];

/** The character at `place` turned into another that a key may hold. */
const alter = (key: string, place: number): string => {
  const other = key[place] === 'A' ? 'B' : 'A';
  return key.slice(0, place) + other + key.slice(place + 1);
};

/** Every key that must open nothing, though one with these abilities was given out. */
const badKeys = async (may: readonly Ability[]): Promise<ReadonlyMap<string, Headers>> => {
  const { key, keyId } = await house.issue(may);
  const { key: revoked, keyId: gone } = await house.issue(may);
  await revokeKey(gone, null, house.hand());
  const { key: expired } = await house.issue(may, house.begin.add({ minutes: 5 }));
  house.turnTo(house.begin.add({ minutes: 5 }));
  return new Map<string, Headers>([
    ['no', {}],
    ['wrong: none was given out', bearer(newApiKey(newId() as typeof keyId))],
    ['wrong: another secret of a key that was', bearer(newApiKey(keyId))],
    ['wrong: the prefix alone', bearer(key.slice(0, 34))],
    ['expired', bearer(expired)],
    ['revoked', bearer(revoked)],
    ['altered in its id', bearer(alter(key, 20))],
    ['altered in its secret', bearer(alter(key, 60))],
    ['altered in its last bits', bearer(alter(key, key.length - 1))],
    ['cut short', bearer(key.slice(0, -1))],
    ['with something after it', bearer(`${key}A`)],
    ['in capitals', bearer(key.toUpperCase())],
    ['as a password', { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` }],
    ['without its scheme', { authorization: key }],
    ['in a cookie', { cookie: `authorization=Bearer ${key}; key=${key}` }],
    ['in a header of another name', { 'x-api-key': key }],
  ]);
};

/** Calls every tool over one connection, all at once; answers the status of each. */
const callAll = async (headers: Headers): Promise<readonly string[]> => {
  const { host, hostname, port } = gateway.url('/');
  const lines = Object.entries({
    ...{ host, 'content-type': 'application/json' },
    ...{ accept: 'application/json, text/event-stream', ...headers },
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const requests = Object.keys(tools).map((id, n, { length }) => {
    const params = { name: wireName(id), arguments: {} };
    const body = JSON.stringify({ jsonrpc: '2.0', id: n, method: 'tools/call', params });
    const last = n === length - 1 ? 'connection: close\r\n' : '';
    return `POST /mcp?toolsets=all HTTP/1.1\r\n${lines.join('')}${last}content-length: ${body.length}\r\n\r\n${body}`;
  });
  const socket = connect(Number(port), hostname);
  socket.write(requests.join(''));
  return [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(
    ([, status]) => `${status}`,
  );
};

const scopes: readonly (readonly Ability[])[] = [...abilities.map((each) => [each]), abilities];

test.each(scopes.map((may) => [may.join(', '), may] as const))(
  'with keys that may %s not one tool is called by none, a wrong, an expired, a revoked or an altered one',
  async (_, may) => {
    const refused = Object.keys(tools).map(() => '401');
    for (const [what, headers] of await badKeys(may))
      expect([what, ...(await callAll(headers))]).toEqual([what, ...refused]);
    expect(gateway.contexts).toEqual([]);
    // By the same way a good one is let in.
    house.turnTo(house.begin);
    const { key } = await house.issue(may);
    expect(await callAll(bearer(key))).toEqual(Object.keys(tools).map(() => '200'));
  },
);

test('no door takes a bad key, nor a good one in an address', async () => {
  for (const [what, headers] of await badKeys(abilities)) {
    for (const path of doors)
      expect([what, path, (await ask(headers, { path })).status]).toEqual([what, path, 401]);
    expect([what, (await ask(headers, { path: '/sse', method: 'GET' })).status]).toEqual([
      what,
      401,
    ]);
  }
  const { key } = await house.issue(abilities);
  for (const name of ['key', 'token', 'access_token', 'authorization'])
    expect((await ask({}, { path: `/mcp?${name}=${key}` })).status).toBe(401);
});

test('a good key opens every door, as an agent of its own name, and is seen to have been used', async () => {
  const { key, keyId } = await house.issue(['look', 'trade']);
  for (const headers of [bearer(key), { authorization: `bearer  ${key}` }])
    expect((await ask(headers)).text).toContain('market_time');
  expect((await ask(bearer(key), { path: '/mcp/readonly' })).text).toContain('market_time');
  expect((await ask(bearer(key), { path: '/sse', method: 'GET' })).status).toBe(200);
  // Known, but of no stream.
  expect((await ask(bearer(key), { path: '/messages?sessionId=x' })).status).toBe(404);
  await ask(bearer(key), { tool: 'watchlist_add' });
  expect((await ask(bearer(key), { tool: 'risk_set_limits' })).text).toContain(
    'INSUFFICIENT_SCOPE',
  );
  expect(house.house.lastUses.of(keyId)).toEqual(house.begin);
});

test('a key that is revoked or rotated opens nothing from the next call on, but for as long as was said', async () => {
  const { key, keyId } = await house.issue(['look']);
  const opens = async (shown: string) => (await ask(bearer(shown))).status === 200;
  expect(await opens(key)).toBe(true);
  const ends = { expiresAt: null, previousUntil: house.begin.add({ minutes: 10 }) };
  const second = await rotateKey(keyId, ends, house.hand());
  if (!second.ok) throw new Error(second.refusal.message);
  expect([await opens(key), await opens(second.value.key)]).toEqual([true, true]);
  house.turnTo(house.begin.add({ minutes: 10 }));
  expect([await opens(key), await opens(second.value.key)]).toEqual([false, true]);
  const third = await rotateKey(keyId, { ...ends, previousUntil: null }, house.hand());
  if (!third.ok) throw new Error(third.refusal.message);
  expect([await opens(second.value.key), await opens(third.value.key)]).toEqual([false, true]);
  await revokeKey(keyId, 'lost', house.hand());
  expect(await opens(third.value.key)).toBe(false);
});

test('a stream of the transport of 2024 is spoken to by nobody but who opened it, and by a key that still opens', async () => {
  const [mine, other] = [await house.issue(['look']), await house.issue(['look'])];
  const stop = new AbortController();
  const stream = await fetch(gateway.url('/sse'), {
    headers: bearer(mine.key),
    signal: stop.signal,
  });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const path = /data: (\S+)/.exec((await reader?.read())?.value ?? '')?.[1] ?? '';
  expect((await ask(bearer(other.key), { path })).status).toBe(404);
  expect((await ask(bearer(mine.key), { path })).status).toBe(202);
  await revokeKey(mine.keyId, null, house.hand());
  expect((await ask(bearer(mine.key), { path })).status).toBe(401);
  stop.abort();
});

test('who cannot be looked up is not let in, and is told that it passes', async () => {
  const { key } = await house.issue(['look']);
  const known = house.house.keys.newest;
  Object.assign(house.house.keys, {
    newest: async () => {
      throw new EventStoreUnavailable('gone');
    },
  });
  expect((await ask(bearer(key))).status).toBe(503);
  expect((await ask(bearer('not-of-ours'))).status).toBe(401);
  Object.assign(house.house.keys, { newest: known });
  expect((await ask(bearer(key))).status).toBe(200);
});

test('no event holds a key or anything by which it could be made', async () => {
  const { key, keyId } = await house.issue(['look']);
  const rotated = await rotateKey(keyId, { expiresAt: null, previousUntil: null }, house.hand());
  const all = JSON.stringify(await house.eventStore.readAll(), (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  expect(all).toContain('KeyRotated');
  for (const shown of [key, rotated.ok ? rotated.value.key : '']) {
    expect(shownKeyId(shown)).toBe(keyId);
    expect(all).not.toContain(shown.slice(35));
  }
  expect(all).not.toContain(house.pepper);
});

test('over standard input and output the key of the setting is shown', async () => {
  const { key } = await house.issue(['look']);
  const params = { name: 'market_health', arguments: {} };
  for (const [shown, wanted] of [
    [key, 'market_time'],
    [alter(key, 60), 'Authentication is required'],
    [undefined, 'Authentication is required'],
  ] as const) {
    const answers: string[] = [];
    const { take, close } = await bridge({
      ensure: async () => ({ ok: true, address: gateway.url('/').origin }),
      answer: (message) => void answers.push(JSON.stringify(message)),
      ...{ toolsets: undefined, key: shown },
    });
    await take({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    await close();
    expect(answers.join()).toContain(wanted);
  }
});

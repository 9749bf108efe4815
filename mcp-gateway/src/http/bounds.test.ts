import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import { afterEach, expect, test } from 'vitest';
import { type ConnectionBounds, subscriberOf } from './bound-connections.ts';
import { type Listening, listen } from './listen.ts';
import { placeOf } from './place-of.ts';
import { securityHeaders } from './secure-headers.ts';

const quick = { headersMs: 100, requestMs: 200, lookMs: 20 };
const unhurried = { headersMs: 10_000, requestMs: 20_000, lookMs: 1_000 };
const open: Socket[] = [];
let listening: Listening | undefined;
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await listening?.close();
  listening = undefined;
});

/** Settles once the answer to whoever is deaf was given up. */
let letGo = Promise.withResolvers<void>();
const large = 'x'.repeat(1024 * 1024);

const serve = async (bounds: Partial<ConnectionBounds> = {}, times = unhurried) => {
  letGo = Promise.withResolvers<void>();
  const app = express();
  app.use(securityHeaders, express.text({ limit: 1024 }));
  app.get('/large', (request, response) => {
    if (request.headers.deaf !== undefined) response.once('close', letGo.resolve);
    for (let n = 0; n < 32; n++) response.write(large);
    response.end();
  });
  app.get('/slow', (_request, response) => {
    setTimeout(() => response.end('at last'), 200);
  });
  app.use((_request, response) => void response.end('served'));
  listening = await listen(app, { host: '127.0.0.1', port: 0, bounds, times });
};

/** A connection that has sent `begin`, and all that is answered until it is closed. */
const call = (begin = '') => {
  const socket = connect(listening?.port ?? 0, '127.0.0.1');
  open.push(socket);
  socket.on('error', () => undefined);
  socket.write(begin);
  const connected = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, connected, said: text(socket).catch(() => 'cut') };
};
const request = (headers = '', path = '/') =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}connection: close\r\n\r\n`;
/** What a caller hears who sends a good request now. */
const heard = () => call(request()).said;

test('beyond so many connections each is told to come again, and is served once there is room', async () => {
  await serve({ most: 3 });
  const resting = [call(), call(), call()];
  await Promise.all(resting.map(({ connected }) => connected));
  const refused = await Promise.all(Array.from({ length: 20 }, heard));
  for (const said of refused) {
    expect(said).toMatch(/^HTTP\/1\.1 503 .*Retry-After: \d+.*Too many connections/s);
    expect(said).not.toContain('served');
  }
  resting[0]?.socket.destroy();
  await expect.poll(heard).toContain('served');
});

test('one address leaves room to others', async () => {
  await serve({ most: 10, mostOfOne: 2, isHere: () => false });
  const resting = [call(), call()];
  await Promise.all(resting.map(({ connected }) => connected));
  expect(await heard()).toContain('503');
  resting[0]?.socket.destroy();
  await expect.poll(heard).toContain('served');
});

test.each([
  [['127.0.0.1'], 'served'],
  [['10.0.0.0/8', '127.0.0.0/8'], 'served'],
  [['::1', 'fd00::/8', '127.0.0.2', '10.0.0.0/8'], '503'],
])(
  'who comes by one of the proxies %j is %s, however many stand behind it',
  async (proxies, how) => {
    await serve({ most: 10, mostOfOne: 2, isHere: () => false, proxies });
    const resting = [call(), call(), call()];
    await Promise.all(resting.map(({ connected }) => connected));
    expect(await heard()).toContain(how);
  },
);

test('the proxies of the settings are those behind which many are served', async () => {
  const app = express().use((_request, response) => void response.end('served'));
  const settings = { HOST: '127.0.0.1', PORT: 0 };
  for (const [proxies, how] of [
    [['10.0.0.2', '127.0.0.0/8'], 'served'],
    [['10.0.0.2'], '503'],
  ] as const) {
    const place = placeOf({ ...settings, TRUSTED_PROXIES: [...proxies] }, undefined);
    const bounds = { ...place.bounds, mostOfOne: 0, isHere: () => false };
    listening = await listen(app, { ...place, bounds });
    expect(await heard()).toContain(how);
    await listening.close();
  }
});

test('a proxy of ours is known on a port that takes both kinds of addresses', async () => {
  const app = express().use((_request, response) => void response.end('served'));
  const bounds = { mostOfOne: 0, isHere: () => false };
  for (const [proxies, how] of [
    [['127.0.0.0/8'], 'served'],
    [['::1'], '503'],
  ] as const) {
    listening = await listen(app, { host: '::', port: 0, bounds: { ...bounds, proxies } });
    expect(await heard()).toContain(how);
    await listening.close();
  }
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:9::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8::/64'],
])('%s is counted as %s', (address, subscriber) => {
  expect(subscriberOf(address)).toBe(subscriber);
});

test.each([
  ['nothing', ''],
  ['half of its headers', 'GET / HTTP/1.1\r\nhost: x\r\n'],
  [
    'half of its body',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\nabc',
  ],
])('who sends %s and then waits is let go', async (_, begin) => {
  await serve({}, quick);
  expect(await call(begin).said).not.toContain('served');
});

test('who sends a header now and then is let go as well', async () => {
  await serve({}, quick);
  const { socket, said } = call('GET / HTTP/1.1\r\nhost: x\r\n');
  const drips = setInterval(() => socket.write('a: b\r\n'), 20);
  expect(await said).not.toContain('served');
  clearInterval(drips);
});

test('a call that takes longer than that is waited for, with nothing moving', async () => {
  await serve({ unreadMs: 50 });
  expect(await call(request('', '/slow')).said).toContain('at last');
});

test('who reads nothing of an answer is let go, and who reads it slowly is not', async () => {
  await serve({ unreadMs: 200 });
  const deaf = connect(listening?.port ?? 0, '127.0.0.1');
  open.push(deaf);
  deaf.pause();
  deaf.write(request('deaf: yes\r\n', '/large'));
  const slow = call(request('', '/large'));
  await letGo.promise;
  expect((await slow.said).length).toBeGreaterThan(32 * large.length);
});

test.each([
  ['too many headers', 'a: b\r\n'.repeat(99), 431],
  ['as many as are taken', 'a: b\r\n'.repeat(98), 200],
  ['headers that are too long', `a: ${'b'.repeat(16 * 1024)}\r\n`, 431],
])('a request with %s is answered by %i', async (_, headers, status) => {
  await serve();
  expect(await call(request(headers)).said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('every answer tells a browser to run, frame and keep nothing of it', async () => {
  await serve();
  const said = await heard();
  for (const header of [
    "Content-Security-Policy: default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    'X-Content-Type-Options: nosniff',
    'X-Frame-Options: DENY',
    'Referrer-Policy: no-referrer',
    'Cross-Origin-Opener-Policy: same-origin',
    'Cross-Origin-Resource-Policy: same-origin',
    'Cache-Control: no-store',
  ])
    expect(said).toContain(`${header}\r\n`);
});

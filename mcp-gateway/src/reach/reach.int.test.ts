import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyOf } from '../auth/index.ts';
import { byOperatorKey } from '../http/operator.ts';
import { startTestGateway, type TestGateway } from '../http/test-gateway.ts';
import { isLocal } from './is-local.ts';
import { whyForeignHost } from './names.ts';
import type { Reach } from './reach.ts';

const publicOrigin = 'https://sentinel.example.com';
const host = 'sentinel.example.com';
const reach: Reach = {
  ...{ publicOrigin, allowedHosts: ['other.example.com'], host: '0.0.0.0' },
  trustedProxies: ['10.0.0.9'],
};

/** Behind a proxy on this machine, which is believed; and on a machine whose proxy is elsewhere. */
let proxied: TestGateway;
let direct: TestGateway;
beforeAll(async () => {
  proxied = await startTestGateway({ reach: { ...reach, trustedProxies: ['127.0.0.1'] } });
  direct = await startTestGateway({ reach });
});
afterAll(async () => Promise.all([proxied.close(), direct.close()]));

type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};
type Asked = { readonly method?: string; readonly path?: string };

/** Sends what `fetch` would not: hosts and paths of one's own choice. */
const ask = (
  gateway: TestGateway,
  headers: Readonly<Record<string, string>>,
  { method = 'GET', path = '/health' }: Asked = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = gateway.url('/');
    const sent = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      const { statusCode: status = 0, headers: told } = response;
      response.once('end', () => resolve({ status, headers: told, text }));
    });
    sent.once('error', reject);
    sent.end();
  });

const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.5' };

describe('behind a proxy that is named', () => {
  test.each([
    [{ host, ...https }, 200],
    [{ host: `${host}:443`, ...https }, 200],
    [{ host: 'OTHER.example.com', ...https }, 200],
    [{ host: '127.0.0.1', 'x-forwarded-host': host, ...https }, 200],
    [{ host: 'evil.example', ...https }, 403],
    [{ host: `${host}.evil.example`, ...https }, 403],
    [{ host: `evil@${host}`, ...https }, 403],
    // A page whose name leads to this machine is a neighbour of the proxy, and can write these headers.
    [{ host: 'evil.example', 'x-forwarded-host': host, ...https }, 403],
    [{ host, 'x-forwarded-host': 'evil.example', ...https }, 403],
    [{ host, 'x-forwarded-host': `evil.example, ${host}`, ...https }, 403],
    [{ host, origin: publicOrigin, ...https }, 200],
    [{ host, origin: 'https://other.example.com', ...https }, 200],
    [{ host, origin: `http://${host}`, ...https }, 403],
    [{ host, origin: `${publicOrigin}:8443`, ...https }, 403],
    [{ host, origin: 'http://other.example.com', ...https }, 403],
    [{ host, origin: 'http://localhost:6274', ...https }, 403],
    [{ host, origin: 'null', ...https }, 403],
    [{ host, origin: 'https://evil.example', ...https }, 403],
    [{ host: 'localhost', origin: 'http://localhost:6274' }, 200],
    [{ host: '127.0.0.1:3000' }, 200],
  ])('a request with %j is answered by %i', async (headers, status) => {
    expect((await ask(proxied, headers)).status).toBe(status);
  });

  test('HTTPS is promised for the name, and HTTP is sent there', async () => {
    expect((await ask(proxied, { host, ...https })).headers['strict-transport-security']).toBe(
      'max-age=31536000',
    );
    const plain = { host, 'x-forwarded-proto': 'http', 'x-forwarded-for': '203.0.113.5' };
    const sent = await ask(proxied, plain, { path: '/desk?a=b' });
    expect([sent.status, sent.headers.location]).toEqual([308, `${publicOrigin}/desk?a=b`]);
    expect(sent.headers['strict-transport-security']).toBeUndefined();
    const away = await ask(proxied, plain, { path: '//evil.example/x' });
    expect(new URL(`${away.headers.location}`).host).toBe(host);
    const absolute = await ask(proxied, plain, { path: 'http://evil.example/x' });
    expect(new URL(`${absolute.headers.location}`).host).toBe(host);
    expect((await ask(proxied, plain, { method: 'POST', path: '/mcp' })).status).toBe(403);
  });

  test('what comes through it by the name of this machine is no command of this machine', async () => {
    expect(
      (await ask(proxied, { host: '127.0.0.1', 'x-forwarded-for': '203.0.113.5' })).status,
    ).toBe(308);
  });
});

test('whether it is ready everybody learns, and what it is made of this machine and who is let in', async () => {
  const asks = await startTestGateway({
    reach: { ...reach, trustedProxies: ['127.0.0.1'] },
    authenticate: anyOf(byOperatorKey('k'.repeat(43))),
  });
  const key = { authorization: `Bearer ${'k'.repeat(43)}` };
  const brief = { state: 'ready' };
  const all = { ...brief, version: expect.any(String), components: [expect.anything()] };
  for (const [headers, told] of [
    [{ host, ...https }, brief],
    [{ host, ...https, authorization: 'Bearer another' }, brief],
    [{ host, ...https, ...key }, all],
    [{ host: '127.0.0.1' }, all],
    // A proxy on this machine hands on the names of this machine, too, and strangers with them.
    [{ host: '127.0.0.1', ...https }, brief],
  ] as const) {
    const answer = await ask(asks, headers);
    const said = JSON.parse(answer.text);
    expect([headers, answer.status, said]).toEqual([
      ...[headers, 200],
      told === brief ? brief : { ...all, instance: expect.any(String) },
    ]);
  }
  await asks.close();
  // Without authentication everybody is the one user of the machine.
  expect((await ask(proxied, { host, ...https })).text).toContain('components');
});

describe('from an address that is no proxy of ours', () => {
  test('nobody is believed to use HTTPS, or another host', async () => {
    const claimed = { ...https, 'x-forwarded-host': host };
    expect((await ask(direct, { host, ...claimed })).status).toBe(308);
    expect((await ask(direct, { host: 'evil.example', ...claimed })).status).toBe(403);
    const posted = await ask(direct, { host, ...claimed }, { method: 'POST', path: '/mcp' });
    expect(posted.status).toBe(403);
    expect((await ask(direct, { host, 'x-forwarded-host': 'evil.example' })).status).toBe(308);
  });
});

test.each([
  ['localhost', true, false],
  ['[::1]:3000', true, false],
  ['192.0.2.7', true, false],
  [host, true, true],
  ['0.0.0.0', false, false],
  ['evil.example', false, false],
  [undefined, false, false],
])(
  'the host %s is ours from here: %s, and from elsewhere: %s',
  (named, fromHere, fromElsewhere) => {
    const at = { ...reach, host: '192.0.2.7' };
    expect(whyForeignHost(at, { host: named, fromHere: true }) === undefined).toBe(fromHere);
    expect(whyForeignHost(at, { host: named, fromHere: false }) === undefined).toBe(fromElsewhere);
  },
);

test.each([
  [{ remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' }, true],
  [{ remoteAddress: '127.8.8.8', localAddress: '10.0.0.1' }, true],
  [{ remoteAddress: '::1', localAddress: '::1' }, true],
  [{ remoteAddress: '::ffff:127.0.0.1', localAddress: '::ffff:127.0.0.1' }, true],
  [{ remoteAddress: '10.0.0.1', localAddress: '10.0.0.1' }, true],
  [{ remoteAddress: '10.0.0.2', localAddress: '10.0.0.1' }, false],
  [{ remoteAddress: '::ffff:10.0.0.2', localAddress: '::ffff:10.0.0.1' }, false],
  [{ remoteAddress: '2001:db8::1', localAddress: '2001:db8::2' }, false],
  [{ remoteAddress: undefined, localAddress: undefined }, false],
])('a connection of %j is of this machine: %s', (ends, local) => {
  expect(isLocal(ends)).toBe(local);
});

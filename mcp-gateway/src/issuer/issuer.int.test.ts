import { createHmac } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { grantSchema, grantTermsSchema } from '@sentinel/contracts/access';
import { grantIdSchema } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { grantRoom } from '@sentinel/services/access';
import express from 'express';
import { type JWTPayload, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../http/test-gateway.ts';
import { callTool } from '../oauth/test-flow.ts';
import type { TokenDoor } from '../resource/index.ts';
import { openIssuer } from './open-issuer.ts';
import { startTestIssuer, type TestIssuer } from './test-issuer.ts';

const human = { principal: 'human:bea', identifiedBy: 'passkey', through: 'page' } as const;
const by = { principal: 'human:bea', client: 'desk', tool: 'desk' };
const eventStore = memoryEventStore({ now: systemClock });
const grants = grantRoom({
  ...{ eventStore, newId, now: systemClock, writesAlone: true },
  tell: async () => undefined,
});

let issuer: TestIssuer;
let gateway: TestGateway;
let base: URL;
let door: TokenDoor;
/** As a program does that has just started: it has asked the issuer nothing yet. */
const open = (): TokenDoor =>
  openIssuer({
    ...{ issuer: issuer.name, base, setBy: 'operator-key:abc', newId, now: systemClock },
    grants: () => grants,
  });
beforeAll(async () => {
  issuer = await startTestIssuer(systemClock);
  const pages = express.Router();
  gateway = await startTestGateway({
    access: {
      authenticate: (request) => door.authenticate(request),
      challenge: (...about) => door.challenge(...about),
      wayIn: (router) => void router.use(pages),
      access: { newest: grants.newest, account: 'paper', used: () => undefined, now: systemClock },
      grants,
    },
  });
  base = new URL(gateway.url('/').href.replace('127.0.0.1', 'localhost'));
  door = open();
  door.routes(pages);
});
afterAll(async () => {
  await gateway.close();
  issuer.close();
});

const mcp = () => new URL('/mcp', base).href;
const token = (claims?: JWTPayload, header?: Record<string, unknown>) =>
  issuer.token(mcp(), claims, header);
const call = async (shown: string, tool = 'market_quote', path = '/mcp') => {
  const args = tool === 'market_quote' ? { symbol: 'AAPL' } : { symbols: ['AAPL'] };
  const answer = await callTool(base, { token: shown, tool, args, path });
  return `${answer.status} ${await answer.text()}`;
};

describe('a client of the issuer', () => {
  test('looks, and does no more until a human widens that at the desk, with the same token', async () => {
    const shown = await token({ sub: 'ann|1', scope: 'read trade govern' });
    expect(await call(shown)).toMatch(/^200 .*"symbol":"AAPL"/);
    expect(await call(shown, 'watchlist_add')).toMatch(/^200 .*insufficient_scope.*\/desk/);
    // A further token would lead to the same grant: nobody is sent for one.
    expect(await call(shown, 'watchlist_add')).not.toContain('www_authenticate');
    const [given, none] = await eventStore.readAll();
    expect(none).toBeUndefined();
    expect(given).toMatchObject({
      type: 'AccessGranted',
      data: {
        by: { principal: 'operator-key:abc', identifiedBy: 'operator_key' },
        grant: { abilities: ['look'], client: { name: 'claude for ann|1' } },
      },
      metadata: { principal: 'operator-key:abc', client: 'OAUTH_ISSUER' },
    });
    const { grant } = (given?.data ?? {}) as { readonly grant: { readonly grantId: string } };
    const grantId = grantIdSchema.parse(grant.grantId);
    const correlationId = newId();
    const metadata = { ...by, correlationId, causationId: correlationId };
    const standing = await grants.newest(grantId);
    const terms = grantTermsSchema.parse({
      ...{ abilities: ['look', 'trade'], symbols: null, accounts: null, expiresAt: null },
      ...{ maxOrderValue: null, maxDayValue: null },
    });
    const version = standing?.version ?? 0;
    const at = systemClock();
    const change = { type: 'ChangeAccess', terms, version, by: human, at } as const;
    expect((await grants.execute(grantId, change, metadata)).ok).toBe(true);
    expect(await call(shown, 'watchlist_add')).toMatch(/^200 .*log_position/);
    expect(gateway.contexts.at(-1)?.metadata).toMatchObject({ grantId });
    await grants.execute(
      grantId,
      { type: 'RevokeAccess', reason: null, by: human, at: systemClock() },
      metadata,
    );
    // And no token, however new, gives it back.
    expect(await call(shown)).toMatch(/^401/);
    expect(await call(await token({ sub: 'ann|1' }))).toMatch(/^401/);
  });

  test('is another with another subject, however the two names are cut', async () => {
    for (const [sub, client_id] of [
      ['a:b', 'c'],
      ['a', 'b:c'],
    ] as const)
      expect(await call(await token({ sub, client_id }))).toMatch(/^200/);
    const given = (await eventStore.readAll()).flatMap(({ type, data }) =>
      type === 'AccessGranted' ? [grantSchema.parse((data as { grant: unknown }).grant)] : [],
    );
    for (const ids of [given.map(({ client }) => client.id), given.map(({ grantId }) => grantId)])
      expect(new Set(ids).size).toBe(given.length);
  });
});

test('the door names the issuer, and no endpoint of the house answers', async () => {
  const at = (path: string) => fetch(new URL(path, base));
  expect(await (await at('/.well-known/oauth-protected-resource/mcp')).json()).toMatchObject({
    ...{ resource: mcp(), authorization_servers: [issuer.name] },
  });
  for (const path of ['/.well-known/oauth-authorization-server', '/oauth/authorize', '/oauth/jwks'])
    expect((await at(path)).status).toBe(404);
  const refused = await callTool(base, { token: undefined, tool: 'market_quote' });
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata="http/);
});

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(systemClock().epochMilliseconds / 1000);

test.each<[string, () => Promise<string>]>([
  ['of another issuer', () => token({ iss: 'https://evil.example' })],
  ['of an issuer that is one letter longer', () => token({ iss: `${issuer.name}/` })],
  ['for another resource', () => issuer.token('https://other.example/mcp')],
  ['for a client, as an ID token is', () => token({ aud: 'claude' })],
  ['that is an ID token by its type', () => token({}, { typ: 'JWT' })],
  ['that ended', () => token({ exp: seconds() - 6 })],
  ['that is not yet good', () => token({ nbf: seconds() + 60 })],
  ['without an end', () => token({ exp: undefined })],
  ['without a subject', () => token({ sub: undefined })],
  ['without a client', () => token({ client_id: undefined })],
  ['with a subject of control characters', () => token({ sub: 'ann\n' })],
  ['of a key that the issuer has not', () => token({}, { kid: 'another' })],
  [
    'signed by another key under the name of a good one',
    async () => {
      const other = await startTestIssuer(systemClock);
      const { kid } = issuer.publicKey();
      const forged = await other.token(mcp(), { iss: issuer.name }, { kid });
      other.close();
      return forged;
    },
  ],
  [
    'with a letter of what it says changed',
    async () => {
      const [head, body = '', signature] = (await token()).split('.');
      const said = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
      return [head, b64({ ...said, sub: 'bob' }), signature].join('.');
    },
  ],
  [
    'that nobody signed',
    async () => {
      const [, body = ''] = (await token()).split('.');
      return `${b64({ alg: 'none', typ: 'at+jwt' })}.${body}.`;
    },
  ],
  [
    'unsecured',
    async () => new UnsecuredJWT({ iss: issuer.name, aud: mcp(), sub: 'ann' }).encode(),
  ],
  [
    'signed by the public key as if it were a secret',
    async () => {
      const [, body = ''] = (await token()).split('.');
      const { kid } = issuer.publicKey();
      const signed = `${b64({ alg: 'HS256', typ: 'at+jwt', kid })}.${body}`;
      const secret = JSON.stringify(issuer.publicKey());
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    },
  ],
  ['that is none', async () => 'a.b.c'],
])('a token %s is refused', async (_, make) => {
  // A good one first: its keys are there, and it is this token that is wrong.
  expect(await call(await token())).toMatch(/^200/);
  expect(await call(await make())).toMatch(/^401/);
});

test('a token for a part opens no more than the part, and one for the whole opens it', async () => {
  const part = await issuer.token(new URL('/mcp/readonly', base).href);
  expect(await call(part, 'market_quote', '/mcp/readonly')).toMatch(/^200/);
  expect(await call(part)).toMatch(/^401/);
  expect(await call(await token(), 'market_quote', '/mcp/readonly')).toMatch(/^200/);
});

describe('the keys of the issuer', () => {
  test('are asked for once, and again when a key is shown that is not among them', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: systemClock().epochMilliseconds });
    door = open();
    const before = issuer.asked.length;
    await Promise.all([call(await token()), call(await token()), call(await token())]);
    expect(issuer.asked.slice(before)).toEqual([
      '/.well-known/oauth-authorization-server/desk',
      '/desk/keys',
    ]);
    const old = await token();
    await issuer.turnKey();
    // One who makes up names has them fetched twice a minute at the most.
    expect(await call(await token())).toMatch(/^401/);
    vi.setSystemTime(systemClock().epochMilliseconds + 31_000);
    expect(await call(await token())).toMatch(/^200/);
    expect(await call(old)).toMatch(/^401/);
    expect(issuer.asked.length - before).toBe(3);
    vi.useRealTimers();
  });

  test.each<[string, RequestListener]>([
    ['that does not answer', (request) => void request.socket.destroy()],
    ['that fails', (_request, response) => void response.writeHead(500).end()],
    [
      'that calls itself otherwise',
      (_request, response) =>
        void response.end(JSON.stringify({ issuer: 'https://x.example', jwks_uri: issuer.name })),
    ],
    [
      'that sends elsewhere',
      ({ url }, response) => {
        if (`${url}`.includes('/.well-known')) response.writeHead(302, { location: '/elsewhere' });
        const document = { issuer: issuer.name, jwks_uri: `${issuer.name}/keys` };
        response.end(JSON.stringify({ ...document, keys: [issuer.publicKey()] }));
      },
    ],
    [
      'whose keys are anywhere in the clear',
      (_request, response) =>
        void response.end(
          JSON.stringify({ issuer: issuer.name, jwks_uri: 'http://elsewhere.example/keys' }),
        ),
    ],
    [
      'that answers more than is read',
      ({ url }, response) =>
        void response.end(
          JSON.stringify(
            url === '/desk/keys'
              ? { keys: [issuer.publicKey()], more: 'x'.repeat(70_000) }
              : { issuer: issuer.name, jwks_uri: `${issuer.name}/keys` },
          ),
        ),
    ],
  ])('of one %s let nobody in, and throw no token away', async (_, listener) => {
    door = open();
    issuer.answerBy(listener);
    const shown = await token();
    const answer = await callTool(base, { token: shown, tool: 'market_quote' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.text()).toContain('cannot be learnt just now');
    issuer.answerBy();
    expect(await call(shown)).toMatch(/^200/);
  });
});

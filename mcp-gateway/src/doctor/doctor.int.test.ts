import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { freePort, systemClock } from '@sentinel/infra/runtime';
import { testAuthority } from '@sentinel/infra/test-kit';
import { describe, expect, test } from 'vitest';
import { startTestGateway } from '../http/test-gateway.ts';
import { examine, linesOf, thisWorld } from './index.ts';
import {
  authority,
  healthy,
  host,
  issuerDocument,
  origin,
  type Replies,
  resourceReply,
  startPatient,
  toolList,
} from './test-patient.ts';

type Given = NonNullable<Parameters<typeof startPatient>[0]> & {
  readonly token?: string;
  readonly at?: string;
};

const examined = async ({ token, at = `${origin}/mcp`, ...given }: Given = {}) => {
  const patient = await startPatient(given);
  try {
    const findings = await examine(patient.world, { door: new URL(at), token });
    return { findings, asked: patient.asked };
  } finally {
    patient.close();
  }
};
const notGood = async (given: Given) =>
  (await examined(given)).findings
    .filter(({ is }) => is !== 'good')
    .map(({ check, is, says }) => `${is} ${check}: ${says}`);
const replies = (changed: Replies): { readonly replies: Replies } => ({
  replies: { ...healthy, ...changed },
});
const issuer = (changed: object) =>
  replies({
    'GET /.well-known/oauth-authorization-server': { body: { ...issuerDocument, ...changed } },
  });
const noToken = 'unknown tools: They show with a token in MCP_TOKEN.';

test('a server to which Claude can connect has nothing wrong, and keeps no client of the doctor', async () => {
  expect(await notGood({})).toEqual([noToken]);
  const { findings, asked } = await examined({
    ...replies({ 'POST /mcp token': toolList('market_quote', 'risk_status') }),
    token: 'good',
  });
  expect(findings.filter(({ is }) => is !== 'good')).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual([
    ...['name', 'port', 'TLS', 'HTTP to HTTPS', 'health', 'clock', 'door'],
    ...['protected resource', 'authorization server', 'PKCE', 'client registration'],
    ...['callbacks, claude.ai', 'callbacks, Claude Code', 'token endpoint'],
    ...['tools', 'size of the list'],
  ]);
  expect(asked.filter((each) => each === 'DELETE /oauth/register/c')).toHaveLength(2);
});

const day = { hours: 24 };
const now = systemClock();
const between = authority.below('Test Between');

describe('the way there', () => {
  test.each([
    ['no name', { world: { resolve: async () => [] } }, /^bad name: .* has no address/],
    [
      'a private address',
      { world: { resolve: async () => ['203.0.113.7', '10.1.2.3'] } },
      /^bad name: .*leads to 10.1.2.3/,
    ],
    ['a private address of IPv6', { world: { resolve: async () => ['fd00::1'] } }, /^bad name: /],
    ['another port', { at: `${origin}:8443/mcp` }, /^bad port: The address names port 8443/],
    [
      'nobody',
      { world: { dial: () => ({ host: '127.0.0.1', port: 1 }) } },
      /^bad TLS: No TLS at .*ECONNREFUSED/,
    ],
    [
      'an end that has passed',
      {
        pair: authority.issue({
          hosts: [host],
          from: now.subtract({ hours: 48 }),
          until: now.subtract(day),
        }),
      },
      /^bad TLS: A certificate of the chain has ended/,
    ],
    [
      'an end that is near',
      { pair: authority.issue({ hosts: [host], until: now.add({ hours: 50 }) }) },
      /^warning TLS: The certificate ends in 2 day/,
    ],
    [
      'another host',
      { pair: authority.issue({ hosts: ['x.example'] }) },
      /^bad TLS: The certificate is for another host/,
    ],
    [
      'a chain with a gap',
      { pair: between.issue({ hosts: [host] }) },
      /^bad TLS: The chain does not reach a root/,
    ],
    [
      'an authority of this machine alone',
      { world: { publicRoots: [testAuthority('Other').certificate] } },
      /^bad TLS: The certificate is trusted on this machine alone/,
    ],
    ['open HTTP', { plain: { 'GET /': {} } }, /^warning HTTP to HTTPS: HTTP answers 200/],
  ] satisfies readonly (readonly [string, Given, RegExp])[])(
    'tells of %s',
    async (_what, given, message) => {
      const found = await notGood(given);
      expect(found[0]).toMatch(message);
      expect(found.slice(1).every((each) => /^(unknown|bad protected)/.test(each))).toBe(true);
    },
  );

  test('what speaks HTTP where HTTPS is asked for is told of', async () => {
    const plain = await startTestGateway();
    const port = Number(plain.url('/').port);
    const found = await examined({ world: { dial: () => ({ host: '127.0.0.1', port }) } });
    expect(found.findings.find(({ check }) => check === 'TLS')).toMatchObject({
      is: 'bad',
      mend: expect.stringContaining('does not speak HTTPS'),
    });
    await plain.close();
  });
});

describe('the server', () => {
  const resource = 'GET /.well-known/oauth-protected-resource/mcp';
  const server = 'GET /.well-known/oauth-authorization-server';
  test.each([
    [
      'another program',
      replies({ 'GET /health': { body: 'hello' } }),
      /^bad health: .* answers 200, and not as Sentinel/,
    ],
    [
      'a host that is not known',
      replies({ 'GET /health': { status: 403, body: {} } }),
      /^bad health: .*403/,
    ],
    [
      'what is not ready',
      replies({
        'GET /health': {
          status: 503,
          body: {
            ...{ state: 'not ready', version: '1' },
            components: [{ component: 'views', state: 'failed', detail: 'parked\u001b[2J' }],
          },
        },
      }),
      /^warning health: views failed: parked/,
    ],
    [
      'what tells a stranger no more than that it is not ready',
      replies({ 'GET /health': { status: 503, body: { state: 'not ready' } } }),
      /^warning health: Sentinel is not ready: npm run status/,
    ],
    [
      'a clock',
      { world: { now: () => now.add({ minutes: 2 }) } },
      /^bad clock: It is -1\d\d s apart/,
    ],
    [
      'an open door',
      replies({ 'POST /mcp': toolList('a') }),
      /^bad door: It lets in whoever comes/,
    ],
    [
      'a door without a challenge',
      replies({ 'POST /mcp': { status: 401 } }),
      /^bad door: .*names no resource_metadata/,
    ],
    [
      'a proxy that asks for a log-in of its own',
      replies({ 'POST /mcp': { status: 302 } }),
      /^bad door: Without a token it answers 302/,
    ],
    [
      'no metadata',
      replies({ [resource]: { status: 404 } }),
      /^bad protected resource: .*answers 404/,
    ],
    [
      'metadata that is a page',
      replies({ [resource]: { body: '<html>' } }),
      /^bad protected resource: .*not what it has to be/,
    ],
    [
      'metadata of another address',
      replies({
        [resource]: { body: { ...resourceReply.body, resource: 'https://x.example/mcp' } },
      }),
      /^bad protected resource: .*is about https:\/\/x.example/,
    ],
    [
      'no authorization server',
      replies({ [server]: { status: 500 } }),
      /^bad authorization server: .*answers 500/,
    ],
    [
      'an issuer of another name',
      issuer({ issuer: 'https://x.example' }),
      /^bad authorization server: It calls itself https:\/\/x.example/,
    ],
    ['no PKCE', issuer({ code_challenge_methods_supported: ['plain'] }), /^bad PKCE: S256/],
    [
      'documents without none',
      issuer({
        registration_endpoint: undefined,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      }),
      /^bad client registration: Claude can neither/,
    ],
    ['no refresh', issuer({ grant_types_supported: ['authorization_code'] }), /^warning refresh/],
    [
      'callbacks that are refused',
      replies({
        'POST /oauth/register': {
          status: 400,
          body: { error: 'invalid_redirect_uri', error_description: 'no' },
        },
      }),
      /^bad callbacks, claude.ai: Registration answers 400 invalid_redirect_uri: no/,
    ],
    [
      'too many registrations',
      replies({ 'POST /oauth/register': { status: 429 } }),
      /^unknown callbacks/,
    ],
    [
      'tokens for a made-up code',
      replies({ 'POST /oauth/token': { status: 200, body: { access_token: 'x' } } }),
      /^bad token endpoint: It answers a made-up code by 200/,
    ],
    [
      'a token endpoint behind a page',
      replies({ 'POST /oauth/token': { status: 403, body: '<html>' } }),
      /^bad token endpoint/,
    ],
  ] satisfies readonly (readonly [string, Given, RegExp])[])(
    'tells of %s',
    async (_what, given, message) => {
      const found = await notGood(given);
      expect(found[0]).toMatch(message);
    },
  );

  test.each([
    [
      'a name that hides every tool',
      toolList('market_quote', 'market.quote'),
      /^bad tools: Claude takes no such name: market.quote/,
    ],
    ['a long name', toolList('a'.repeat(65)), /^bad tools: Claude takes no such name/],
    ['no tool', toolList(), /^bad tools: There are none/],
    [
      'a heavy list',
      toolList(
        'a',
        ...Array.from(
          { length: 2_000 },
          (_, index) => `tool_${index}_of_a_long_name_of_many_letters`,
        ),
      ),
      /^warning size of the list: 2001 tools, about 2/,
    ],
    ['a token that is refused', { status: 401 }, /^bad tools: .*the token is refused/],
  ])('tells of %s', async (_what, list, message) => {
    const found = await notGood({ ...replies({ 'POST /mcp token': list }), token: 'good' });
    expect(found).toEqual([expect.stringMatching(message)]);
  });
});

test('a list that comes as an event, and over two pages, is read whole', async () => {
  const page = { jsonrpc: '2.0', id: 0, result: { tools: [{ name: 'a' }], nextCursor: 'more' } };
  const found = await notGood({
    ...replies({
      'POST /mcp token': { body: `event: message\ndata: ${JSON.stringify(page)}\n\n` },
    }),
    token: 'good',
  });
  expect(found).toEqual([expect.stringContaining('its list goes on after 20 pages')]);
});

test('a start on loopback has nothing wrong, and is told what Claude needs from elsewhere', async () => {
  const gateway = await startTestGateway();
  const findings = await examine(thisWorld(), { door: gateway.url('/mcp') });
  const without = findings.map(({ check, is }) => `${is} ${check}`);
  expect(without).toEqual([
    ...['missing HTTPS', 'good health', 'good clock', 'missing door', 'good tools'],
    'good size of the list',
  ]);
  const doctor = join(import.meta.dirname, '..', 'doctor.ts');
  const run = (...args: readonly string[]) =>
    new Promise<readonly unknown[]>((resolve) => {
      const env = { PATH: process.env.PATH ?? '' };
      execFile(process.execPath, [doctor, ...args], { env }, (error, out, err) =>
        resolve([error === null ? 0 : error.code, out, err]),
      );
    });
  const [well, gone] = await Promise.all([
    run(gateway.url('/').href),
    run(`http://127.0.0.1:${await freePort()}`),
  ]);
  expect(well).toEqual([
    ...[
      0,
      expect.stringMatching(
        /missing HTTPS [\s\S]*What Claude needs from elsewhere is missing\.\n$/,
      ),
    ],
    '',
  ]);
  expect(gone).toEqual([
    ...[1, expect.stringMatching(/WRONG {3}health .*ECONNREFUSED[\s\S]*1 thing\(s\) to mend/)],
    '',
  ]);
  await gateway.close();
});

test('what a server says steers no terminal', () => {
  const [line] = linesOf([{ check: 'health', is: 'bad', says: 'a\u001b[2Jb\nc' }]);
  expect(line).toBe('WRONG   health                 a?[2Jb?c');
});

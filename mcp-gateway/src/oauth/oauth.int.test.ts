import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  askToken,
  authorizeUrl,
  callback,
  callTool,
  connect,
  consent,
  pkce,
  register,
  startTestOAuth,
  type TestOAuth,
  usualYes,
} from './test-flow.ts';

let house: TestOAuth;
beforeAll(async () => {
  house = await startTestOAuth();
});
afterAll(() => house.close());

const tool = 'watchlist_add';
const args = { symbols: ['AAPL'] };
const textOf = async (answer: Response) => `${answer.status} ${await answer.text()}`;
const refresh = (client: string, token: string) =>
  askToken(house.base, { grant_type: 'refresh_token', client_id: client, refresh_token: token });

test('from registering to a call: what a human allowed is allowed, and the log says by which grant', async () => {
  const { tokens, client } = await connect(house);
  expect(tokens).toMatchObject({ scope: 'read propose trade', token_type: 'Bearer' });
  const token = tokens.access_token;
  const answer = await callTool(house.base, { token, tool, args });
  expect(await textOf(answer)).toMatch(/^200 .*log_position/);
  const [context] = house.gateway.contexts;
  expect(context?.metadata).toMatchObject({ principal: `agent:${client}`, grantVersion: 1 });
  const standing = await house.grants.newest(context?.metadata.grantId as never);
  expect(standing?.grant).toMatchObject({
    ...{ principal: 'human:ann', client: { id: client, name: 'Claude' } },
    ...{ abilities: ['look', 'propose', 'trade'], symbols: null },
    ...{ maxOrderValue: 1_000_000_000n, maxDayValue: 5_000_000_000n },
  });
});

test('nothing of a token, a code, a session or a key of a form stands readable in what is kept', async () => {
  const { tokens } = await connect(house);
  const kept = JSON.stringify([...house.rows]);
  expect(kept).not.toContain(tokens.access_token);
  expect(kept).not.toContain(tokens.refresh_token);
  const browser = await house.browser('ann');
  const { challenge } = pkce();
  const client = await register(house.base);
  await consent(browser, authorizeUrl(house.base, { client, challenge }));
  for (const name of ['sentinel', 'oauth'])
    expect(JSON.stringify([...house.rows])).not.toContain(browser.cookies.get(name));
});

test('what a human changes or revokes is in force from the next call on, with the same token', async () => {
  const { tokens } = await connect(house);
  const token = tokens.access_token;
  await callTool(house.base, { token, tool, args });
  const grantId = house.gateway.contexts.at(-1)?.metadata.grantId as never;
  const by = { principal: 'human:ann', identifiedBy: 'passkey', through: 'page' } as const;
  const at = Temporal.Instant.from('2030-01-01T00:00:00Z');
  const metadata = {
    ...{ principal: 'human:ann', client: 'test', tool: 'test' },
    ...{ correlationId: 'a', causationId: 'a' },
  };
  const { grant } = (await house.grants.newest(grantId)) ?? {};
  const terms = { ...grant, abilities: ['look'], expiresAt: null } as never;
  await house.grants.execute(
    grantId,
    { type: 'ChangeAccess', terms, version: 1, by, at },
    metadata,
  );
  expect(await textOf(await callTool(house.base, { token, tool, args }))).toMatch(
    /^200 .*insufficient_scope.*desk/,
  );
  await house.grants.execute(grantId, { type: 'RevokeAccess', reason: null, by, at }, metadata);
  expect((await callTool(house.base, { token, tool, args })).status).toBe(401);
});

test('a client that can use it is told by which challenge it asks for more, and a human gives it', async () => {
  const look = { ...usualYes, abilities: ['look'] };
  const { tokens } = await connect(house, { answer: look });
  const refused = await callTool(house.base, { token: tokens.access_token, tool, args });
  expect(refused.status).toBe(200);
  const { result } = (await refused.json()) as {
    readonly result: { readonly isError: boolean; readonly _meta: Record<string, string[]> };
  };
  expect(result.isError).toBe(true);
  const [challenge = ''] = result._meta['mcp/www_authenticate'] ?? [];
  expect(challenge).toMatch(/^Bearer error="insufficient_scope"/);
  const saidOf = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  expect((await fetch(saidOf('resource_metadata'))).status).toBe(200);
  const again = await connect(house, { more: { scope: saidOf('scope') } });
  const token = again.tokens.access_token;
  expect(await textOf(await callTool(house.base, { token, tool, args }))).toContain('log_position');
});

test("the SDK's own client finds its way from the refusal to the tools", async () => {
  const human = await house.browser('ann');
  const kept: Record<string, unknown> = {};
  const asked: URL[] = [];
  const authProvider = {
    redirectUrl: callback,
    clientMetadata: { client_name: 'SDK', redirect_uris: [callback] },
    clientInformation: () => kept.client as never,
    saveClientInformation: (client: unknown) => void Object.assign(kept, { client }),
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => void Object.assign(kept, { tokens }),
    redirectToAuthorization: (url: URL) => void asked.push(url),
    saveCodeVerifier: (verifier: string) => void Object.assign(kept, { verifier }),
    codeVerifier: () => kept.verifier as string,
  };
  const url = new URL('/mcp', house.base);
  const first = new StreamableHTTPClientTransport(url, { authProvider });
  await expect(new Client({ name: 'a', version: '1' }).connect(first)).rejects.toThrow();
  const back = await consent(human, asked[0] ?? house.base);
  await first.finishAuth(back.searchParams);
  const client = new Client({ name: 'a', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain(tool);
  await client.close();
});

describe('what a client is told', () => {
  const read = async (path: string) =>
    (await fetch(new URL(path, house.base))).json() as Promise<Record<string, unknown>>;

  test.each([
    ['/mcp', '/mcp'],
    ['/mcp/readonly', '/mcp/readonly'],
    ['/sse', '/sse'],
  ])('%s says without a token where its metadata stands', async (path, suffix) => {
    const answer = await fetch(new URL(path, house.base));
    const metadata = `${house.base.origin}/.well-known/oauth-protected-resource${suffix}`;
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain(`resource_metadata="${metadata}"`);
    expect(answer.headers.get('www-authenticate')).toContain('scope="read propose trade"');
    expect(await read(new URL(metadata).pathname)).toMatchObject({
      resource: `${house.base.origin}${suffix}`,
      authorization_servers: [house.base.origin],
    });
  });

  test('the server says what Claude looks for, in both places', async () => {
    const wanted = {
      issuer: house.base.origin,
      registration_endpoint: `${house.base.origin}/oauth/register`,
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: expect.arrayContaining(['none']),
    };
    expect(await read('/.well-known/oauth-authorization-server')).toMatchObject(wanted);
    expect(await read('/.well-known/openid-configuration')).toMatchObject(wanted);
  });

  test('whatever a header says of the host, every address is its own', async () => {
    const answer = await fetch(new URL('/.well-known/oauth-authorization-server', house.base), {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    expect(JSON.stringify(await answer.json())).not.toContain('evil');
  });
});

test('a loopback client is answered at whichever port it listens that time', async () => {
  const client = await register(house.base, { redirect_uris: ['http://localhost:1/callback'] });
  const { challenge } = pkce();
  const more = { redirect_uri: 'http://localhost:54321/callback' };
  const back = await consent(
    await house.browser('ann'),
    authorizeUrl(house.base, { client, challenge, more }),
  );
  expect(back.href).toMatch(/^http:\/\/localhost:54321\/callback\?code=/);
  expect(back.searchParams.get('iss')).toBe(house.base.origin);
});

test('a human who says no gives nothing, and the client hears it', async () => {
  const client = await register(house.base);
  const { challenge } = pkce();
  const wish = authorizeUrl(house.base, { client, challenge });
  const back = await consent(await house.browser('ann'), wish, { ...usualYes, answer: 'no' });
  expect(Object.fromEntries(back.searchParams)).toMatchObject({
    error: 'access_denied',
    state: 'abc',
  });
});

test('tokens are renewed, at another gateway too, and outlive a restart of the server', async () => {
  const { client, tokens } = await connect(house);
  const renewed = await refresh(client, tokens.refresh_token);
  expect(renewed.status).toBe(200);
  const { access_token } = (await renewed.json()) as { access_token: string };
  const other = await house.beside();
  const request = { url: '/mcp', headers: { authorization: `Bearer ${access_token}` } } as never;
  expect(await other.authenticate(request)).toMatchObject({
    name: `agent:${client}`,
    kind: 'agent',
  });
});

test('a refresh token that is shown twice ends all that came of it', async () => {
  const { client, tokens } = await connect(house);
  const renewed = (await (await refresh(client, tokens.refresh_token)).json()) as typeof tokens;
  const again = await refresh(client, tokens.refresh_token);
  expect(await textOf(again)).toMatch(/^400 .*invalid_grant/);
  const { access_token: token, refresh_token } = renewed;
  expect((await callTool(house.base, { token, tool, args })).status).toBe(401);
  expect(await textOf(await refresh(client, refresh_token))).toMatch(/^400 .*invalid_grant/);
});

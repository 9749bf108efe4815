import { tools } from '@sentinel/contracts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mayFetch, mayRedirectTo } from './clients.ts';
import { fetchDocument, isPublic, onPublicNet } from './fetch-document.ts';
import {
  askToken,
  authorizeUrl,
  callback,
  callTool,
  connect,
  consent,
  hiddenIn,
  locationOf,
  pkce,
  postJson,
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

const resource = () => new URL('/mcp', house.base).href;
const textOf = async (answer: Response) => `${answer.status} ${await answer.text()}`;

/** A code that waits to be taken, with all that its client needs for it. */
const coded = async (more: Parameters<typeof authorizeUrl>[1]['more'] = {}) => {
  const client = await register(house.base);
  const { verifier, challenge } = pkce();
  const back = await consent(
    await house.browser('ann'),
    authorizeUrl(house.base, { client, challenge, more }),
  );
  const form = {
    ...{ grant_type: 'authorization_code', client_id: client, redirect_uri: callback },
    ...{ code: back.searchParams.get('code') ?? '', code_verifier: verifier },
    resource: resource(),
  };
  return { back, form, client };
};

describe('a code', () => {
  test('shown twice opens nothing more, and ends what it had opened', async () => {
    const { form } = await coded();
    const { access_token: token } = (await (await askToken(house.base, form)).json()) as {
      access_token: string;
    };
    expect(await textOf(await askToken(house.base, form))).toMatch(/^400 .*invalid_grant/);
    expect((await callTool(house.base, { token, tool: 'system_brief' })).status).toBe(401);
  });

  test('shown at the same moment many times gives one token at the most', async () => {
    const { form } = await coded();
    const answers = await Promise.all(Array.from({ length: 8 }, () => askToken(house.base, form)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  test('of one client gives another nothing', async () => {
    const { form } = await coded();
    const other = await register(house.base);
    expect(await textOf(await askToken(house.base, { ...form, client_id: other }))).toMatch(
      /^400 .*invalid_grant/,
    );
  });

  test('is lost after a minute', async () => {
    const late = await startTestOAuth();
    const client = await register(late.base);
    const { verifier, challenge } = pkce();
    const wish = authorizeUrl(late.base, { client, challenge });
    const back = await consent(await late.browser('ann'), wish);
    late.pass(61);
    const form = {
      ...{ grant_type: 'authorization_code', client_id: client, redirect_uri: callback },
      ...{ code: back.searchParams.get('code') ?? '', code_verifier: verifier },
    };
    expect(await textOf(await askToken(late.base, form))).toMatch(/^400 .*invalid_grant/);
    await late.close();
  });

  test.each([
    ['another verifier', { code_verifier: pkce().verifier }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect', { redirect_uri: 'https://claude.com/api/mcp/auth_callback' }],
    ['another resource', { resource: 'https://elsewhere.example/mcp' }],
    ['another resource of ours', { resource: 'readonly' }],
  ])('with %s gives nothing', async (_, wrong) => {
    const { form } = await coded();
    const sent: Record<string, string> = { ...form, ...wrong };
    if (sent.resource === 'readonly') sent.resource = new URL('/mcp/readonly', house.base).href;
    expect(await textOf(await askToken(house.base, sent))).toMatch(/^400 /);
  });

  test('comes with the name of who gave it, so that no other server can pass it off', async () => {
    const { back } = await coded();
    expect(back.searchParams.get('iss')).toBe(house.base.origin);
    expect(back.origin + back.pathname).toBe(callback);
  });
});

describe('a wish', () => {
  const asked = async (more: Parameters<typeof authorizeUrl>[1]['more']) => {
    const client = await register(house.base);
    const { challenge } = pkce();
    const browser = await house.browser('ann');
    return browser.get(authorizeUrl(house.base, { client, challenge, more }));
  };

  test.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with a plain challenge', { code_challenge_method: 'plain' }],
    ['with a challenge without its method', { code_challenge_method: undefined }],
    ['for another resource', { resource: 'https://elsewhere.example/mcp' }],
    ['for a token in the address', { response_type: 'token' }],
    ['for no resource', { resource: undefined }],
  ])('%s is answered by an error at its own callback', async (_, more) => {
    const answer = await asked(more);
    const to = new URL(locationOf(answer), house.base);
    expect(to.origin + to.pathname).toBe(callback);
    expect(to.href).toMatch(/error=/);
    expect(to.href).not.toMatch(/[?&#]code=|token=/);
  });

  test.each([
    'https://evil.example/api/mcp/auth_callback',
    `${callback}/`,
    `${callback}?next=https://evil.example`,
    `${callback}#x`,
    'https://claude.ai.evil.example/api/mcp/auth_callback',
    'https://claude.ai@evil.example/api/mcp/auth_callback',
    'https://claude.ai/api/mcp/../evil',
    'http://localhost:1/callback',
    'javascript:alert(1)',
  ])('that names %j is sent nowhere', async (redirect_uri) => {
    const answer = await asked({ redirect_uri });
    expect(answer.status).toBe(400);
    expect(locationOf(answer)).toBe('');
    expect(await answer.text()).not.toContain('<script');
  });
});

describe('the consent page', () => {
  const shown = async (as: string | undefined = 'ann') => {
    const client = await register(house.base);
    const { challenge } = pkce();
    const browser = await house.browser(as);
    const at = locationOf(await browser.get(authorizeUrl(house.base, { client, challenge })));
    return { browser, at, page: await browser.get(at) };
  };

  test('cannot be framed, runs nothing of others, and sends its form to the client alone', async () => {
    const { page } = await shown();
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*form-action 'self' https:\/\/claude\.ai; frame-ancestors 'none'/,
    );
  });

  test.each([
    ['no token', {}, undefined],
    ['a made-up token', { form_token: 'x'.repeat(43) }, undefined],
    ['the right token from another site', undefined, 'https://evil.example'],
    ['the right token from nowhere', undefined, 'null'],
  ])('takes no form with %s', async (_, wrong, origin) => {
    const { browser, at, page } = await shown();
    const form = { ...(wrong ?? hiddenIn(await page.text())), ...usualYes };
    const answer = await browser.post(at, form, { origin: origin ?? house.base.origin });
    expect(answer.status).toBe(403);
  });

  test('takes no form of one human in the browser of another, and none of another page', async () => {
    const one = await shown('ann');
    const other = await shown('bob');
    const form = { ...hiddenIn(await one.page.text()), ...usualYes };
    expect((await other.browser.post(other.at, form)).status).toBe(403);
    expect((await other.browser.post(one.at, form)).status).toBe(400);
  });

  test('is shown to nobody who has not logged in, and a planted session opens nothing', async () => {
    const client = await register(house.base);
    const { challenge } = pkce();
    const browser = await house.browser();
    browser.cookies.set('sentinel', 'planted');
    const at = locationOf(await browser.get(authorizeUrl(house.base, { client, challenge })));
    const sent = await browser.get(at);
    expect(locationOf(sent)).toBe(`/log-in?to=${encodeURIComponent(at)}`);
    await browser.post('/test-log-in?as=ann', {});
    expect(browser.cookies.get('sentinel')).not.toBe('planted');
  });

  test.each([
    ['nothing ticked', { abilities: [] }],
    ['nothing ticked that it asked for', { abilities: ['govern'] }],
    ['an ability that there is none of', { abilities: ['admin'] }],
    ['a value that is none', { max_order_value: '1e9' }],
    ['a value below nothing', { max_day_value: '-5' }],
    ['no end', { days: '' }],
    ['an end too far', { days: '999' }],
    ['symbols that are none', { symbols: '<script>' }],
  ])('with %s gives nothing and says so, as text alone', async (_, wrong) => {
    const { browser, at, page } = await shown();
    const form = { ...hiddenIn(await page.text()), ...usualYes, ...wrong };
    const answer = await browser.post(at, form);
    const html = await answer.text();
    expect([answer.status, html]).toEqual([400, expect.stringContaining('role="alert"')]);
    expect(html).not.toContain('<script');
  });

  test('shows the name of a client as text alone', async () => {
    const client = await register(house.base, { client_name: '<img src=x onerror=alert(1)>' });
    const { challenge } = pkce();
    const browser = await house.browser('ann');
    const at = locationOf(await browser.get(authorizeUrl(house.base, { client, challenge })));
    expect(await (await browser.get(at)).text()).not.toContain('<img');
  });
});

describe('registering', () => {
  const tried = (more: object) =>
    postJson(new URL('/oauth/register', house.base), {
      ...{ client_name: 'Claude', redirect_uris: [callback], token_endpoint_auth_method: 'none' },
      ...more,
    });

  test.each([
    ['a callback elsewhere', { redirect_uris: ['https://evil.example/cb'] }],
    ['one good and one elsewhere', { redirect_uris: [callback, 'https://evil.example/cb'] }],
    ['a scheme of its own', { redirect_uris: ['evil:cb'] }],
    ['plain http elsewhere', { redirect_uris: ['http://evil.example/cb'] }],
    ['no callback', { redirect_uris: [] }],
    [
      'too many',
      { redirect_uris: Array.from({ length: 11 }, (_, at) => `http://localhost/${at}`) },
    ],
    ['too long a callback', { redirect_uris: [`http://localhost/${'a'.repeat(600)}`] }],
    ['too long a name', { client_name: 'a'.repeat(101) }],
    ['a name with lines', { client_name: 'Claude\nadmin' }],
    ['a way to get tokens without a human', { grant_types: ['client_credentials'] }],
    ['tokens in the address', { response_types: ['token'], grant_types: ['implicit'] }],
  ])('with %s is refused', async (_, more) => {
    expect((await tried(more)).status).toBe(400);
  });

  test('ends where too many were registered that nobody allowed', async () => {
    const small = await startTestOAuth({ mostClients: 2 });
    await register(small.base);
    await register(small.base);
    await expect(register(small.base)).rejects.toThrow('429');
    small.pass(86_401);
    await register(small.base);
    await small.close();
  });
});

describe('where a code may be sent', () => {
  test.each([
    'http://localhost:8080/callback',
    'http://127.0.0.1/cb',
    'http://[::1]:3/cb',
    callback,
  ])('%s may be', (uri) => expect(mayRedirectTo(uri)).toBe(true));
  test.each([
    'https://localhost/cb',
    'http://localhost.evil.example/cb',
    'http://user@localhost/cb',
    'http://localhost/cb#x',
    'http://LOCALHOST/cb',
    'http://127.1/cb',
    'http://localhost\\@evil.example/cb',
    'http://10.0.0.1/cb',
    'data:text/html,x',
  ])('%s may not', (uri) => expect(mayRedirectTo(uri)).toBe(false));
});

describe("a client's description", () => {
  const described = 'https://claude.ai/oauth/client.json';
  const document = {
    ...{ client_id: described, client_name: 'Claude', redirect_uris: [callback] },
    ...{ token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] },
  };
  const answering = (body: unknown) =>
    vi.fn(async () => Response.json(body, { headers: { 'content-type': 'application/json' } }));
  const asking = async (client: string, fetch: ReturnType<typeof answering>) => {
    const one = await startTestOAuth({ fetch });
    const browser = await one.browser('ann');
    const { challenge } = pkce();
    const answer = await browser.get(authorizeUrl(one.base, { client, challenge }));
    const at = locationOf(answer);
    const page = at === '' ? '' : await (await browser.get(at)).text();
    await one.close();
    return { status: answer.status, page };
  };

  test('is fetched from the site that the client names, and shown to the human', async () => {
    const fetch = answering(document);
    const { page } = await asking(described, fetch);
    expect(page).toContain(`It is described at ${described}.`);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test.each([
    'https://evil.example/client.json',
    'https://127.0.0.1/client.json',
    'https://claude.ai:8443/client.json',
    'http://claude.ai/client.json',
    'https://claude.ai@evil.example/client.json',
  ])('of %s is not even asked for', async (client) => {
    const fetch = answering({ ...document, client_id: client });
    expect((await asking(client, fetch)).status).toBe(400);
    expect(fetch).not.toHaveBeenCalled();
  });

  test.each([
    ['that names another client', { ...document, client_id: 'https://claude.ai/other' }],
    ['that sends codes elsewhere', { ...document, redirect_uris: ['https://evil.example/cb'] }],
    ['that is no object', [document]],
    ['that shares a secret', { ...document, client_secret: 'x' }],
  ])('%s is refused', async (_, body) => {
    expect((await asking(described, answering(body))).status).toBe(400);
  });

  test('is asked for at Claude alone, over https at its usual port', () => {
    expect(mayFetch('https://claude.ai/oauth/x')).toBe(true);
    expect(mayFetch('https://claude.ai.evil.example/x')).toBe(false);
  });

  test.each([
    ...['127.0.0.1', '10.1.2.3', '169.254.169.254', '172.16.0.1', '192.168.1.1', '100.64.0.1'],
    ...['0.0.0.0', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'fd00::1'],
    ...['::ffff:10.0.0.1', '::ffff:0a00:1', '64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1', 'x'],
  ])('is never fetched from %s', async (address) => {
    expect(isPublic(address)).toBe(false);
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address, family: address.includes(':') ? 6 : 4 },
    ];
    await expect(fetchDocument('https://claude.ai/x', resolve)).rejects.toThrow('public net');
  });

  test('is fetched from the public net, and over https alone', async () => {
    const resolve = async () => [{ address: '2606:4700::1', family: 6 }];
    expect(await onPublicNet('claude.ai', resolve)).toEqual((await resolve())[0]);
    await expect(fetchDocument('http://claude.ai/x')).rejects.toThrow('https');
    await expect(fetchDocument('https://127.0.0.1/x')).rejects.toThrow('public net');
  });
});

describe('every tool, at every door, with a token that is', () => {
  const names = Object.keys(tools).map((id) => id.replaceAll('.', '_'));
  const everyDoor = ['/mcp', '/mcp/readonly'];
  const given = new Map<string, string | undefined>();
  beforeAll(async () => {
    const { tokens } = await connect(house);
    const good = tokens.access_token;
    given.set('missing', undefined);
    given.set('empty', '');
    given.set('made up', 'x'.repeat(43));
    given.set('altered', `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`);
    given.set('cut', good.slice(0, -1));
    given.set('doubled', `${good} ${good}`);
    given.set('its refresh token', tokens.refresh_token);
    const gone = await connect(house);
    const form = { token: gone.tokens.access_token, client_id: gone.client };
    const revoke = new URL('/oauth/revoke', house.base);
    await fetch(revoke, { method: 'POST', body: new URLSearchParams(form) });
    given.set('revoked', gone.tokens.access_token);
  });

  const refused = async (token: string | undefined, doors: readonly string[]) => {
    const before = house.gateway.contexts.length;
    const statuses = await Promise.all(
      doors.flatMap((path) => names.map((tool) => callTool(house.base, { token, tool, path }))),
    );
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([401]));
    expect(house.gateway.contexts.length).toBe(before);
    return statuses.length;
  };

  test.each([
    ...['missing', 'empty', 'made up', 'altered', 'cut', 'doubled', 'its refresh token', 'revoked'],
  ])('%s opens nothing', async (kind) => {
    expect(await refused(given.get(kind), everyDoor)).toBe(names.length * 2);
  });

  test('for another resource opens nothing, and a part opens not the whole', async () => {
    const more = { resource: new URL('/mcp/readonly', house.base).href };
    const { tokens } = await connect(house, { more });
    await refused(tokens.access_token, ['/mcp']);
    const read = await callTool(house.base, {
      ...{ token: tokens.access_token, tool: 'market_search_symbols', path: '/mcp/readonly' },
    });
    expect(read.status).toBe(200);
  });

  test('expired opens nothing, nor one whose grant was revoked or is of another client', async () => {
    const late = await startTestOAuth();
    const { tokens } = await connect(late);
    const call = () => callTool(late.base, { token: tokens.access_token, tool: 'system_brief' });
    expect((await call()).status).toBe(200);
    late.pass(3_601);
    expect((await call()).status).toBe(401);
    await late.close();
  });
});

import { createHash, randomBytes } from 'node:crypto';
import type { AccessStore } from '@sentinel/contracts/access';
import type { AccessRow } from '@sentinel/infra/access-store';
import { memoryAccessStore } from '@sentinel/infra/access-store';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { type Grants, grantRoom } from '@sentinel/services/access';
import express from 'express';
import { startTestGateway, type TestGateway } from '../http/test-gateway.ts';
import { humanSessions } from '../log-in/index.ts';
import type { TokenDoor } from '../resource/index.ts';
import { openOAuth } from './open-oauth.ts';
import type { OAuthOptions } from './serve-oauth.ts';

/** What a browser is: it keeps cookies by their paths, and follows a redirect only when it is told to. */
export type TestBrowser = {
  readonly cookies: Map<string, string>;
  readonly send: (to: string | URL, init: RequestInit) => Promise<Response>;
  readonly get: (to: string | URL, headers?: Record<string, string>) => Promise<Response>;
  readonly post: (
    to: string | URL,
    form: Record<string, string | readonly string[]>,
    headers?: Record<string, string>,
  ) => Promise<Response>;
};

export type TestOAuth = {
  readonly gateway: TestGateway;
  readonly base: URL;
  readonly store: AccessStore;
  readonly rows: Map<string, AccessRow>;
  readonly grants: Grants;
  readonly browser: (loggedInAs?: string) => Promise<TestBrowser>;
  /** Another gateway on the same database and log, as a second process would be. */
  readonly beside: (options?: Partial<OAuthOptions>) => Promise<TokenDoor>;
  /** Puts the clock of the tokens forward. */
  readonly pass: (seconds: number) => void;
  readonly close: () => Promise<void>;
};

/** A browser that looks at `base` and has been nowhere before. */
export const browserAt = (base: URL): TestBrowser => {
  const cookies = new Map<string, string>();
  const send = async (to: string | URL, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const answer = await fetch(new URL(to, base), { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((each) => each.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const ends = attributes.some((each) =>
        /^(max-age=0|expires=Thu, 01 Jan 1970.*)$/i.test(each),
      );
      if (value === '' || ends) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return {
    ...{ cookies, send },
    get: (to, headers = {}) => send(to, { headers }),
    post: (to, form, headers = { origin: base.origin }) =>
      send(to, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(
          Object.entries(form).flatMap(([name, value]) =>
            [value].flat().map((each) => [name, String(each)]),
          ),
        ),
      }),
  };
};

/** A gateway with OAuth, its state in memory, and a log that holds grants alone. */
export const startTestOAuth = async (options: Partial<OAuthOptions> = {}): Promise<TestOAuth> => {
  let later = 0;
  const now = () => systemClock().add({ seconds: later });
  const rows = new Map<string, AccessRow>();
  const store = memoryAccessStore({ now, rows });
  const eventStore = memoryEventStore({ now });
  const grants = grantRoom({
    eventStore,
    newId,
    now,
    writesAlone: true,
    tell: async () => undefined,
  });
  let oauth: TokenDoor | undefined;
  const opened = (): TokenDoor => {
    if (oauth === undefined) throw new Error('OAuth is opened before the first request');
    return oauth;
  };
  const pages = express.Router();
  const gateway = await startTestGateway({
    access: {
      authenticate: (request) => opened().authenticate(request),
      challenge: (...about) => opened().challenge(...about),
      wayIn: (router) => void router.use(pages),
      access: { newest: grants.newest, account: 'paper', used: () => undefined, now },
      grants,
    },
  });
  const base = new URL(gateway.url('/').href.replace('127.0.0.1', 'localhost'));
  const sessions = humanSessions(store, base);
  const all: OAuthOptions = {
    ...{ store, sessions, base, newId, now, grants: () => grants },
    onError: (error) => void (gateway.failures as unknown[]).push(error),
    ...options,
  };
  const onNotice = () => undefined;
  oauth = await openOAuth({ ...all, onNotice });
  // A way to have logged in that no gateway has: the log-in itself is tested elsewhere.
  pages.post('/test-log-in', async (request, response) => {
    const principal = `human:${request.query.as}`;
    await sessions.begin({ request, response }, { principal, identifiedBy: 'passkey' });
    response.end();
  });
  oauth.routes(pages);
  return {
    ...{ gateway, base, store, rows, grants },
    browser: async (loggedInAs) => {
      const browser = browserAt(base);
      if (loggedInAs !== undefined) await browser.post(`/test-log-in?as=${loggedInAs}`, {});
      return browser;
    },
    beside: (more = {}) => openOAuth({ ...all, onNotice, ...more }),
    pass: (seconds) => {
      later += seconds;
    },
    close: gateway.close,
  };
};

export const callback = 'https://claude.ai/api/mcp/auth_callback';

/** A verifier and its challenge (RFC 7636). */
export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};

export const postJson = (to: URL, body: unknown): Promise<Response> =>
  fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Registers as Claude does, and says by which id it is known from then on. */
export const register = async (base: URL, more: object = {}): Promise<string> => {
  const answer = await postJson(new URL('/oauth/register', base), {
    ...{ client_name: 'Claude', redirect_uris: [callback], token_endpoint_auth_method: 'none' },
    ...more,
  });
  const { client_id } = (await answer.json()) as { client_id?: string };
  if (client_id === undefined) throw new Error(`not registered: ${answer.status}`);
  return client_id;
};

export type Wish = {
  readonly client: string;
  readonly challenge: string;
  /** Parameters that stand beside or instead of the usual ones; undefined takes one away. */
  readonly more?: Readonly<Record<string, string | undefined>>;
};

export const authorizeUrl = (base: URL, { client, challenge, more = {} }: Wish): URL => {
  const url = new URL('/oauth/authorize', base);
  const usual = {
    ...{ client_id: client, response_type: 'code', redirect_uri: callback, state: 'abc' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    ...{ resource: new URL('/mcp', base).href, scope: 'read propose trade' },
  };
  for (const [name, value] of Object.entries({ ...usual, ...more }))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
};

export const locationOf = (answer: Response): string => answer.headers.get('location') ?? '';

/** The hidden fields of the form on a page. */
export const hiddenIn = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      `${name}`,
      `${value}`,
    ]),
  );

export const usualYes = {
  abilities: ['look', 'propose', 'trade'],
  ...{ symbols: '', max_order_value: '1000', max_day_value: '5000', days: '30', answer: 'yes' },
} as const;

/** Goes from the client's wish over the consent page to the address that gets the code. */
export const consent = async (
  browser: TestBrowser,
  wish: URL,
  answer: Record<string, string | readonly string[]> = usualYes,
): Promise<URL> => {
  const asked = locationOf(await browser.get(wish));
  const page = await browser.get(asked);
  if (page.status !== 200) throw new Error(`no consent page: ${page.status} ${locationOf(page)}`);
  const sent = await browser.post(asked, { ...hiddenIn(await page.text()), ...answer });
  if (sent.status !== 303) throw new Error(`not taken: ${sent.status} ${await sent.text()}`);
  const back = await browser.get(locationOf(sent));
  if (back.status !== 303) throw new Error(`no way back: ${back.status} ${await back.text()}`);
  return new URL(locationOf(back));
};

export type Tokens = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly expires_in: number;
};

export const askToken = (base: URL, form: Record<string, string>): Promise<Response> =>
  fetch(new URL('/oauth/token', base), { method: 'POST', body: new URLSearchParams(form) });

type Wanted = {
  readonly more?: Wish['more'];
  readonly answer?: Record<string, string | readonly string[]>;
};

/** What a client that registered gets when the human at this browser says yes. */
export const connectAs = async (
  human: TestBrowser,
  { base, client }: { readonly base: URL; readonly client: string },
  { more = {}, answer = usualYes }: Wanted = {},
): Promise<Tokens> => {
  const { verifier, challenge } = pkce();
  const back = await consent(human, authorizeUrl(base, { client, challenge, more }), answer);
  const taken = await askToken(base, {
    ...{ grant_type: 'authorization_code', client_id: client, redirect_uri: callback },
    ...{ code: back.searchParams.get('code') ?? '', code_verifier: verifier },
    resource: more.resource ?? new URL('/mcp', base).href,
  });
  if (taken.status !== 200) throw new Error(`no token: ${await taken.text()}`);
  return (await taken.json()) as Tokens;
};

/** All of it: registered, allowed by a human, and with tokens. */
export const connect = async (
  { base, browser }: Pick<TestOAuth, 'base' | 'browser'>,
  wanted: Wanted = {},
): Promise<{ readonly client: string; readonly tokens: Tokens }> => {
  const client = await register(base);
  return { client, tokens: await connectAs(await browser('ann'), { base, client }, wanted) };
};

/** A tool is called over plain HTTP, with a token or without. */
export const callTool = (
  base: URL,
  {
    token,
    tool,
    args = {},
    path = '/mcp',
  }: {
    readonly token: string | undefined;
    readonly tool: string;
    readonly args?: object;
    readonly path?: string;
  },
): Promise<Response> =>
  fetch(new URL(path, base), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: tool, arguments: args },
    }),
  });

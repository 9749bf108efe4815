import { setImmediate as turn } from 'node:timers/promises';
import { AccessStoreUnavailable } from '@sentinel/contracts/access';
import type { Timer } from '@sentinel/contracts/kernel';
import { memoryAccessStore } from '@sentinel/infra/access-store';
import { parseConfig } from '@sentinel/infra/config';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { grantRoom, passkeyRoom } from '@sentinel/services/access';
import express from 'express';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { listen } from './http/listen.ts';
import { startTestGateway, type TestGateway } from './http/test-gateway.ts';
import { testHuman } from './log-in/test-human.ts';
import {
  askToken,
  authorizeUrl,
  browserAt,
  callback,
  callTool,
  hiddenIn,
  locationOf,
  pkce,
  register,
  usualYes,
} from './oauth/test-flow.ts';
import { publicAddressOf } from './running/index.ts';
import type { Sentinel } from './sentinel.ts';
import { wayInOf } from './way-in.ts';

const configOf = (environment: Record<string, string>) => {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
};

/** Pauses that were begun, in milliseconds, each with what ends it. */
const pauses: { readonly ms: number; readonly end: () => void }[] = [];
const timer: Timer = {
  nowMs: () => 0,
  pause: (ms) => new Promise((end) => pauses.push({ ms, end })),
};
const failures: unknown[] = [];
const stopping = new AbortController();
const options = {
  ...{ newId, timer, signal: stopping.signal, operatorKey: 'k'.repeat(43) },
  onError: (error: unknown) => void failures.push(error),
  onNotice: () => undefined,
};
const eventStore = memoryEventStore({ now: systemClock });
const grants = grantRoom({
  ...{ eventStore, newId, now: systemClock, writesAlone: true },
  tell: async () => undefined,
});
const house = {
  ...{ grants, passkeys: passkeyRoom({ eventStore, newId }) },
  accessStore: memoryAccessStore({ now: systemClock, rows: new Map() }),
} as Sentinel;

const pages = express.Router();
let gateway: TestGateway;
let way: ReturnType<typeof wayInOf>;
let base: URL;
beforeAll(async () => {
  gateway = await startTestGateway({
    ready: false,
    access: {
      authenticate: async (request) => (await way.authenticate?.(request)) ?? 'unauthenticated',
      challenge: (...about) => way.challenge?.(...about) ?? '',
      wayIn: (router) => void router.use(pages),
      access: {
        ...{ newest: grants.newest, used: () => undefined, account: 'paper', now: systemClock },
      },
    },
  });
  const { port } = gateway.url('/');
  const config = configOf({ SENTINEL_AUTH_ENABLED: 'true', PORT: port });
  base = new URL(publicAddressOf(config));
  way = wayInOf(config, options);
  way.wayIn?.(pages);
});
afterAll(() => gateway.close());

test('unless it is turned on nobody has to log in', async () => {
  const off = wayInOf(configOf({}), options);
  expect(await off.open(house)).toEqual([]);
  expect([off.authenticate, off.challenge, off.wayIn]).toEqual([undefined, undefined, undefined]);
});

test('from the link that the machine prints to a call of a tool, and a second start prints none', async () => {
  const call = (token?: string) =>
    callTool(base, { token, tool: 'watchlist_add', args: { symbols: ['AAPL'] } });
  // Before the house is ready a client keeps its token, and is told to wait.
  const early = await call('kept');
  expect([early.status, await early.text()]).toEqual([503, expect.stringContaining('starting')]);
  const [line = ''] = await way.open(house);
  gateway.becomeReady();
  expect((await call('kept')).status).toBe(401);

  const ann = browserAt(base);
  const human = testHuman(base, ann);
  expect((await human.setUp(line.slice(line.indexOf('http')), 'ann')).status).toBe(200);
  await human.post('/log-out', {});

  const client = await register(base);
  const { verifier, challenge } = pkce();
  const asked = locationOf(await ann.get(authorizeUrl(base, { client, challenge })));
  const logIn = locationOf(await ann.get(asked));
  expect(await (await human.logIn(logIn)).json()).toEqual({ to: asked });
  const form = { ...hiddenIn(await (await ann.get(asked)).text()), ...usualYes };
  const back = locationOf(await ann.get(locationOf(await ann.post(asked, form))));
  const taken = await askToken(base, {
    ...{ grant_type: 'authorization_code', client_id: client, redirect_uri: callback },
    ...{ code: new URL(back).searchParams.get('code') ?? '', code_verifier: verifier },
  });
  const { access_token } = (await taken.json()) as { access_token: string };
  expect(await (await call(access_token)).text()).toContain('log_position');
  expect(gateway.contexts.at(-1)?.metadata.principal).toBe(`agent:${client}`);
  const again = wayInOf(configOf({ SENTINEL_AUTH_ENABLED: 'true' }), options);
  expect(await again.open(house)).toEqual([]);
});

test('every page has the one style, and it is there', async () => {
  const sheets = [];
  for (const path of ['/log-in', '/set-up', '/desk/log-in', '/oauth/authorize']) {
    const page = await (await fetch(new URL(path, base))).text();
    sheets.push(...[...page.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(([, at]) => at));
  }
  expect(sheets).toEqual(['/page.css', '/page.css', '/page.css', '/page.css']);
  const sheet = await fetch(new URL('/page.css', base));
  expect([sheet.status, sheet.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/css'),
  ]);
});

test('where an issuer is named its tokens are asked for, people log in here, and the house gives none', async () => {
  const issuer = 'https://login.example.com/realms/desk';
  const config = configOf({ SENTINEL_AUTH_ENABLED: 'true', OAUTH_ISSUER: issuer });
  const other = wayInOf(config, options);
  const app = express();
  other.wayIn?.(app);
  await other.open(house);
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const at = (path: string) => fetch(`http://127.0.0.1:${listening.port}${path}`);
  const metadata = await at('/.well-known/oauth-protected-resource/mcp');
  expect(await metadata.json()).toMatchObject({ authorization_servers: [issuer] });
  expect((await at('/log-in')).status).toBe(200);
  for (const path of [
    '/.well-known/oauth-authorization-server',
    '/oauth/authorize',
    '/oauth/token',
  ])
    expect([path, (await at(path)).status]).toEqual([path, 404]);
  await listening.close();
});

test('what has ended is swept out at the start and each hour, also after an hour in which that failed', async () => {
  const results = [async () => undefined, async () => undefined];
  let sweeps = 0;
  const sweep = async () => {
    sweeps += 1;
    await results.shift()?.();
  };
  const swept = { ...house, accessStore: { ...house.accessStore, sweep } };
  const hourLater = async () => {
    const before = pauses.length;
    const { ms, end } = pauses.at(-1) ?? {};
    expect(ms).toBe(3_600_000);
    end?.();
    await vi.waitFor(() => expect(pauses.length).toBeGreaterThan(before));
  };
  await wayInOf(configOf({ SENTINEL_AUTH_ENABLED: 'true' }), options).open(swept);
  expect(sweeps).toBe(1);
  await hourLater();
  expect(sweeps).toBe(2);
  const away = new AccessStoreUnavailable('away');
  results.push(() => Promise.reject(away));
  await hourLater();
  await hourLater();
  expect([sweeps, failures]).toEqual([4, [away]]);
  stopping.abort();
  pauses.at(-1)?.end();
  await turn();
  expect(sweeps).toBe(4);
});

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from '@sentinel/infra/postgres';
import { freePort } from '@sentinel/infra/runtime';
import { testAuthority } from '@sentinel/infra/test-kit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testHuman } from './log-in/test-human.ts';
import { surfaceOf } from './mcp/index.ts';
import {
  askToken,
  browserAt,
  callTool,
  connectAs,
  register,
  type TestBrowser,
} from './oauth/test-flow.ts';
import { type TestProgram, testProgram } from './test-program.ts';

/** A secret of its own for everything that is one, long and varied enough to be taken. */
const canary = (of: string): string =>
  `canary-${of}-${createHash('sha256').update(of).digest('base64url').slice(0, 40)}`;
const secrets = new Map(
  [
    ...['master', 'named-key', 'shown-key', 'alpaca-id', 'alpaca-secret', 'redis'],
    ...['metrics', 'otlp'],
  ].map((name) => [name, canary(name)]),
);
const secretOf = (name: string): string => secrets.get(name) ?? '';

let program: TestProgram;
let base: URL;
let metrics: URL;
let firstLink: string;

/** What anybody was answered, but for what is a secret and was asked for. */
const heard: string[] = [];
const handsOut = (url: string): boolean => url.endsWith('/oauth/token');
const recorded = async (real: typeof fetch, ...asked: Parameters<typeof fetch>) => {
  const answer = await real(...asked);
  const headers = [...answer.headers].filter(
    ([name, value]) => name !== 'set-cookie' && !/[?&]code=/.test(value),
  );
  heard.push(JSON.stringify(headers));
  // A stream ends when it is left, and says nothing before it is asked.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') === true)
    await answer.body?.cancel();
  else if (!handsOut(`${asked[0]}`)) heard.push(await answer.clone().text());
  return answer;
};

beforeAll(async () => {
  const real = fetch;
  vi.stubGlobal('fetch', (...asked: Parameters<typeof fetch>) => recorded(real, ...asked));
  const nobody = await freePort();
  program = await testProgram(async ({ folder, port, connectionString }) => {
    const metricsPort = await freePort();
    metrics = new URL(`http://127.0.0.1:${metricsPort}/metrics`);
    const authority = testAuthority('Ours');
    const pair = authority.issue({ hosts: ['localhost'] });
    secrets.set('tls-key', pair.key.split('\n')[1] ?? '');
    for (const [name, text] of [
      ['ours.pem', authority.certificate],
      ['cert.pem', pair.cert],
      ['key.pem', pair.key],
    ] as const)
      await writeFile(join(folder, name), text);
    // That of the tests' server is drawn by lot, and asked for.
    secrets.set('postgres', new URL(connectionString).password);
    return {
      REDIS_URL: `redis://:${secretOf('redis')}@127.0.0.1:${nobody}`,
      ...{ SENTINEL_MASTER_KEY: secretOf('master'), SENTINEL_API_KEY: secretOf('shown-key') },
      SENTINEL_API_KEYS_JSON: JSON.stringify([
        { name: 'batch', key: secretOf('named-key'), scopes: ['read', 'trade'] },
      ]),
      ...{
        ALPACA_API_KEY_ID: secretOf('alpaca-id'),
        ALPACA_API_SECRET_KEY: secretOf('alpaca-secret'),
      },
      ...{ ALPACA_DATA_URL: `http://127.0.0.1:${nobody}` },
      ...{ METRICS_PORT: `${metricsPort}`, METRICS_TOKEN: secretOf('metrics') },
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${nobody}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${secretOf('otlp')}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'ours.pem'),
      ...{ SENTINEL_PUBLIC_URL: `https://localhost:${port}` },
      ...{ TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') },
    };
  });
  base = new URL(`https://${program.base.host}`);
  firstLink = await program.start(/https:\/\/\S+\/set-up#\S{43}/);
}, 90_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await program.dispose();
});

/** A browser on this machine, by whose address plain HTTP is served to its commands. */
const atTheMachine = (browser: TestBrowser): TestBrowser => {
  const here = (to: string | URL) => {
    const { pathname, search } = new URL(to, base);
    return new URL(`${pathname}${search}`, program.base);
  };
  return {
    ...browser,
    send: (to, init) => browser.send(here(to), init),
    get: (to, headers) => browser.get(here(to), headers),
    post: (to, form) => browser.post(here(to), form, { origin: base.origin }),
  };
};

/** Everything in the database, as text. */
const wholeDatabase = async (): Promise<string> => {
  const { connectionString } = program;
  const tables = await ask(
    connectionString,
    `select string_agg(format('%I.%I', schemaname, tablename), ' ') from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const rows = `${tables}`
    .split(' ')
    .map((table) => ask(connectionString, `select json_agg(t)::text from ${table} t`));
  return (await Promise.all(rows)).join('\n');
};

/** Where it stands, for whoever has to find out why. */
const around = (text: string, form: string): string => {
  const at = text.indexOf(form);
  return text.slice(Math.max(0, at - 200), at + 100);
};

const formsOf = (secret: string): readonly string[] => [
  ...[secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')],
  ...[Buffer.from(secret).toString('hex'), secret.slice(0, 24)],
];

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, program.base), {
    ...{ method: 'POST', body },
    headers: { 'content-type': 'application/json', origin: base.origin, ...headers },
  });

/** Whoever shows what opens nothing, at every door; what they show is a secret all the same. */
const wrongDoors = async (shown: string): Promise<void> => {
  const authorization = `Bearer ${shown}`;
  for (const path of ['/mcp', '/mcp/readonly', '/sse', '/keys', '/approvals', '/limits', '/health'])
    await fetch(new URL(path, program.base), { headers: { authorization } });
  await fetch(metrics, { headers: { authorization } });
  await fetch(new URL(`/oauth/authorize?client_id=${shown}`, program.base), { redirect: 'manual' });
  await fetch(new URL(`/${shown}?key=${shown}`, program.base));
  await post('/mcp', `{"broken": "${shown}`, { authorization });
  await post('/set-up/options', JSON.stringify({ token: shown, name: 'eve' }));
  await post('/log-in', JSON.stringify({ name: 'ann', password: shown }));
  await post('/log-in', JSON.stringify({ response: { id: shown, response: {} } }));
  const asked = { client_id: 'claude', refresh_token: shown, code: shown };
  for (const grant_type of ['refresh_token', 'authorization_code'])
    await askToken(program.base, { ...asked, grant_type });
};

/** All that a client may call, in the good way and in the bad. */
const callAll = async (token: string): Promise<void> => {
  const call = async (tool: string, args: object = {}) =>
    (await callTool(program.base, { token, tool, args })).text();
  for (const { name } of surfaceOf({ readOnly: false, toolsets: ['all'] }).listed)
    await call(name, name.startsWith('backtest') ? {} : { symbol: 'NVDA', symbols: ['NVDA'] });
  await call('audit_export', {});
  await call('audit_recent_events', { detail: 'full', limit: 200 });
  await call('nothing', { token });
};

test('no answer, no line of a log or a terminal, and no row holds a secret, whatever happens', async () => {
  const ann = atTheMachine(browserAt(program.base));
  const human = testHuman(base, ann);
  secrets.set('first-link', new URL(firstLink).hash.slice(1));
  expect((await human.setUp(firstLink, 'ann')).status).toBe(200);
  const client = await register(program.base);
  const more = { resource: new URL('/mcp', base).href };
  const tokens = await connectAs(ann, { base: program.base, client }, { more });
  secrets.set('access-token', tokens.access_token).set('refresh-token', tokens.refresh_token);
  // That of one interaction stands in its address as well, and opens nothing without its signature.
  for (const [name, value] of ann.cookies)
    if (!name.startsWith('oauth_interaction')) secrets.set(`cookie ${name}`, value);
  const issued = await program.run('keys', 'issue', 'job', '--allow', 'look');
  // What it begins with is shown to tell keys apart.
  secrets.set('issued-key', issued.out.trim().slice(-43));
  const link = await program.run('set-up-link');
  secrets.set('second-link', new URL(link.out.trim()).hash.slice(1));
  secrets.set('operator', (await readFile(join(program.folder, 'operator.key'), 'utf8')).trim());

  await callAll(tokens.access_token);
  for (const path of ['approvals', 'grants', 'keys', 'halts', 'log-in'])
    expect([path, (await ann.get(`/desk/${path}`)).status]).toEqual([path, 200]);
  for (const command of ['status', 'doctor', 'keys', 'limits']) await program.run(command);
  await program.run('approve', 'nothing');
  const into = ['--into', join(program.folder, 'bars')];
  const imports = ['alpaca:AAPL', '--from', '2020-01-01', ...into];
  const refused = await program.run('../../infra/src/bar-import/main', ...imports);
  expect(refused.err + refused.out).toMatch(/alpaca/i);
  const scraped = await fetch(metrics, {
    headers: { authorization: `Bearer ${secretOf('metrics')}` },
  });
  expect(scraped.status).toBe(200);
  for (const [, secret] of secrets) await wrongDoors(secret);
  // The database goes away under it, and comes back.
  await ask(
    program.connectionString,
    'select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await callAll(tokens.access_token);
  expect(await program.stop()).toBe(0);

  const handedOut = [firstLink, issued.out.trim(), link.out.trim()];
  const said = handedOut.reduce((text, each) => text.replaceAll(each, ''), program.heard());
  const places = {
    ...{ answers: heard.join('\n'), terminal: said, log: await program.log() },
    database: await wholeDatabase(),
  };
  expect(Object.values(places).map((text) => text.length > 1_000)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  for (const [name, secret] of secrets)
    for (const [place, text] of Object.entries(places))
      for (const form of formsOf(secret))
        expect([name, place, text.includes(form) && around(text, form)]).toEqual([
          name,
          place,
          false,
        ]);
}, 90_000);

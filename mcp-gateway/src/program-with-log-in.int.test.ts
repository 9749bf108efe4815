import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testHuman } from './log-in/test-human.ts';
import {
  askToken,
  browserAt,
  callTool,
  connectAs,
  hiddenIn,
  locationOf,
  register,
  type TestBrowser,
  type Tokens,
} from './oauth/test-flow.ts';
import { type TestProgram, testProgram } from './test-program.ts';

let program: TestProgram;
let firstLink: string;
beforeAll(async () => {
  program = await testProgram();
  firstLink = await program.start(/http:\/\/\S+\/set-up#\S{43}/);
}, 90_000);
afterAll(() => program.dispose());

test('whoever lost the link gets another at the machine, beside the running program', async () => {
  const made = await program.run('set-up-link');
  expect(made).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^http:\S+\/set-up#\S{43}\n$/),
  });
  expect(made.err).toMatch(/once, by \d{4}-\d\d-\d\d \d\d:\d\d UTC, .* may then answer approvals/);
  const stranger = testHuman(program.base, browserAt(program.base));
  expect((await stranger.setUp(firstLink, 'eve')).status).toBe(403);
  const ann = browserAt(program.base);
  const human = testHuman(program.base, ann);
  expect((await human.setUp(made.out.trim(), 'ann')).status).toBe(200);
  expect((await stranger.setUp(made.out.trim(), 'eve')).status).toBe(403);
  // And is known at the desk, by their name and not by the operator's key.
  const desk = await ann.get('/desk/grants');
  expect([desk.status, locationOf(desk)]).toEqual([200, '']);
  expect(await desk.text()).toContain('<code>human:ann</code>');
  expect(await program.run('set-up-link', 'ann')).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('Usage: npm run set-up-link') },
  });
  const byNobody = await fetch(new URL('/set-up-link', program.base), { method: 'POST' });
  expect([byNobody.status, await byNobody.text()]).toEqual([401, expect.not.stringContaining('#')]);
}, 60_000);

test('a restart forgets nobody: a session, a client that registered, and its tokens', async () => {
  const { base } = program;
  const ann = browserAt(base);
  const human = testHuman(base, ann);
  expect((await human.setUp((await program.run('set-up-link')).out.trim(), 'ann')).status).toBe(
    200,
  );
  const client = await register(base);
  const tokens = await connectAs(ann, { base, client });
  const look = async (token: string) =>
    (await callTool(base, { token, tool: 'system_brief' })).status;
  expect(await look(tokens.access_token)).toBe(200);

  expect(await program.stop()).toBe(0);
  await program.start();

  expect(await (await ann.get('/desk/grants')).text()).toContain('<code>human:ann</code>');
  expect(await look(tokens.access_token)).toBe(200);
  const refresh = (token: string) =>
    askToken(base, { grant_type: 'refresh_token', client_id: client, refresh_token: token });
  const turned = await refresh(tokens.refresh_token);
  expect(turned.status).toBe(200);
  const { access_token, refresh_token } = (await turned.json()) as Tokens;
  expect(await look(access_token)).toBe(200);
  // It still begins at the page where a human says yes, by the passkey that the log holds.
  expect((await human.post('/log-out', {})).status).toBe(200);
  expect((await human.logIn()).status).toBe(200);
  expect(await look((await connectAs(ann, { base, client })).access_token)).toBe(200);
  // And one that is shown twice still ends all that came of it.
  expect((await refresh(tokens.refresh_token)).status).toBe(400);
  expect((await refresh(refresh_token)).status).toBe(400);
  expect(await look(access_token)).toBe(401);
}, 60_000);

test('a passkey that was lost is removed at the desk, with every session, and the last one is not', async () => {
  const { base } = program;
  const bea = async () => {
    const browser = browserAt(base);
    const human = testHuman(base, browser);
    const link = (await program.run('set-up-link')).out.trim();
    expect((await human.setUp(link, 'bea')).status).toBe(200);
    return { browser, human };
  };
  const [lost, other] = [await bea(), await bea()];
  const at = '/desk/passkeys';
  const page = async (of: TestBrowser, query = '') => (await of.get(`${at}${query}`)).text();
  const credentials = (text: string) =>
    [...text.matchAll(/name="credential" value="([^"]+)"/g)].map(([, id]) => `${id}`);
  const remove = async (of: TestBrowser, credential: string) =>
    of.post(at, { ...hiddenIn(await page(of, '?name=bea')), name: 'bea', credential });
  const [first = ''] = credentials(await page(other.browser));

  // Nobody removes another's, whatever name they send.
  const eve = browserAt(base);
  const link = (await program.run('set-up-link')).out.trim();
  expect((await testHuman(base, eve).setUp(link, 'eve')).status).toBe(200);
  expect(credentials(await page(eve, '?name=bea'))).not.toContain(first);
  expect((await remove(eve, first)).status).toBe(409);

  expect((await remove(other.browser, first)).status).toBe(303);
  for (const { browser } of [lost, other])
    expect(locationOf(await browser.get(at))).toMatch(/^\/desk\/log-in/);
  expect((await lost.human.logIn()).status).toBe(403);
  expect((await other.human.logIn()).status).toBe(200);
  const [last = '', none] = credentials(await page(other.browser));
  expect([none, last === first]).toEqual([undefined, false]);
  const kept = await remove(other.browser, last);
  expect([kept.status, await kept.text()]).toEqual([409, expect.stringContaining('last passkey')]);

  // Whoever holds the key at the machine looks after those of anybody.
  const operator = browserAt(base);
  const key = (await readFile(join(program.folder, 'operator.key'), 'utf8')).trim();
  await operator.post('/desk/log-in', { key, back: at });
  expect(await page(operator)).toContain('Whose passkeys');
  expect(credentials(await page(operator, '?name=bea'))).toEqual([last]);
  expect(credentials(await page(operator, '?name=..%2Fbea'))).toEqual([]);
}, 60_000);

test('what a library says of a Node that it does not know, and Node of Web Crypto, stands in the log, and nowhere else', async () => {
  expect(program.heard()).not.toMatch(/oidc-provider|unsupported/i);
  expect(program.heard()).not.toContain('Experimental');
  expect(await program.log()).toContain(
    'node: The supports Web Crypto API method is an experimental',
  );
  if (process.release.lts === undefined)
    expect(await program.log()).toContain('oidc-provider: Unsupported runtime');
});

import { memoryAccessStore } from '@sentinel/infra/access-store';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { passkeyRoom } from '@sentinel/services/access';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../http/listen.ts';
import { openLogIn } from './open-log-in.ts';
import { testAuthenticator } from './test-authenticator.ts';

/** The pages of logging in, at a name where browsers take passkeys or at one where they do not. */
const startPages = async (host: 'localhost' | '127.0.0.1') => {
  let later = 0;
  const now = () => systemClock().add({ seconds: later });
  const rows = new Map();
  const store = memoryAccessStore({ now, rows });
  const eventStore = memoryEventStore({ now });
  const passkeys = passkeyRoom({ eventStore, newId });
  const app = express();
  const failures: unknown[] = [];
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  const base = new URL(`http://${host}:${port}`);
  const logIn = openLogIn({
    ...{ store, base, newId, now, passkeys: () => passkeys },
    onError: (error) => failures.push(error),
    rounds: 1024,
  });
  logIn.routes(app);
  app.get('/who', async (request, response) => {
    response.json({ who: (await logIn.sessions.of(request))?.by ?? null });
  });
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(new URL(path, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: base.origin, ...headers },
      body: JSON.stringify(body),
    });
    const [cookie] = answer.headers.getSetCookie();
    return { status: answer.status, json: (await answer.json()) as Record<string, never>, cookie };
  };
  const who = async (cookie: string | undefined) =>
    (
      await fetch(new URL('/who', base), { headers: { cookie: cookie?.split(';')[0] ?? '' } })
    ).json();
  const token = async () => new URL((await logIn.newLink()).link).hash.slice(1);
  const pass = (seconds: number) => {
    later += seconds;
  };
  return { base, logIn, post, who, token, pass, rows, failures, eventStore, close };
};

type Pages = Awaited<ReturnType<typeof startPages>>;
let pages: Pages;
beforeAll(async () => {
  pages = await startPages('localhost');
});
afterAll(() => pages.close());

const origin = () => pages.base.origin;
const name = () => `ann${newId().slice(-12)}`;

/** A human who is set up by a link, with the passkey that they made. */
const setUp = async (as = name()) => {
  const token = await pages.token();
  const authenticator = testAuthenticator(origin());
  const { json } = await pages.post('/set-up/options', { token, name: as });
  const response = authenticator.register(json as never);
  const done = await pages.post('/set-up', { token, name: as, label: 'laptop', response });
  return { as, token, authenticator, done };
};
const challenge = async () => (await pages.post('/log-in/options', {})).json as never;

describe('a one-time link', () => {
  test('lets a human make a passkey, which stands in the log, and logs them in by it', async () => {
    const { as, done } = await setUp();
    expect([done.status, done.json]).toEqual([200, { to: '/desk/approvals' }]);
    expect(done.cookie).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(await pages.who(done.cookie)).toEqual({
      who: { principal: `human:${as}`, identifiedBy: 'passkey', through: 'page' },
    });
    const [event] = await pages.eventStore.readStream(`operator-${as}` as never);
    expect(event).toMatchObject({
      type: 'PasskeyRegistered',
      data: { operator: `human:${as}`, label: 'laptop', by: { identifiedBy: 'operator_key' } },
    });
    expect(await pages.logIn.firstLink()).toBeUndefined();
  });

  test('opens nothing twice, nor where another was made since', async () => {
    const { token, as } = await setUp();
    expect((await pages.post('/set-up/options', { token, name: as })).status).toBe(403);
    const older = await pages.token();
    await pages.token();
    expect((await pages.post('/set-up/options', { token: older, name: as })).status).toBe(403);
  });

  test('opens nothing after an hour, nor where it is made up', async () => {
    const token = await pages.token();
    pages.pass(3_601);
    expect((await pages.post('/set-up/options', { token, name: 'ann' })).status).toBe(403);
    const made = { token: 'x'.repeat(43), name: 'ann' };
    expect((await pages.post('/set-up/options', made)).status).toBe(403);
    expect((await pages.post('/set-up', { token: 'newest', name: 'ann' })).status).toBe(403);
  });

  test('shown by many at once lets one in, and is kept as a digest', async () => {
    const token = await pages.token();
    expect(JSON.stringify([...pages.rows])).not.toContain(token);
    const tries = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const as = name();
        const authenticator = testAuthenticator(origin());
        const { json } = await pages.post('/set-up/options', { token, name: as });
        const response = authenticator.register(json as never);
        return (await pages.post('/set-up', { token, name: as, response })).status;
      }),
    );
    expect(tries.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
  });

  test.each(['Ann', 'ann/..', '', 'a'.repeat(41), 'agent:claude'])(
    'takes not the name %j',
    async (wrong) => {
      const token = await pages.token();
      expect((await pages.post('/set-up/options', { token, name: wrong })).status).toBe(400);
    },
  );
});

describe('a passkey', () => {
  test('logs in, under a session of its own each time, and away from what was planted', async () => {
    const { as, authenticator, done } = await setUp();
    const response = authenticator.sign(await challenge());
    const again = await pages.post('/log-in', { response }, { cookie: 'sentinel=planted' });
    expect(again.status).toBe(200);
    expect(again.cookie).not.toBe(done.cookie);
    expect(await pages.who(again.cookie)).toMatchObject({ who: { principal: `human:${as}` } });
    expect(await pages.who('sentinel=planted')).toEqual({ who: null });
    const out = await pages.post('/log-out', {}, { cookie: `${again.cookie}`.split(';')[0] ?? '' });
    expect(out.status).toBe(200);
    expect(await pages.who(again.cookie)).toEqual({ who: null });
  });

  test('is a session for an hour, and no longer', async () => {
    const { done } = await setUp();
    pages.pass(3_601);
    expect(await pages.who(done.cookie)).toEqual({ who: null });
  });

  test('proves nothing by an answer that was given before', async () => {
    const { authenticator } = await setUp();
    const response = authenticator.sign(await challenge());
    expect((await pages.post('/log-in', { response })).status).toBe(200);
    expect((await pages.post('/log-in', { response })).status).toBe(403);
  });

  test.each<[string, (at: Awaited<ReturnType<typeof setUp>>) => Promise<object>]>([
    [
      'of another site',
      async () => testAuthenticator('https://evil.example').sign(await challenge()),
    ],
    [
      'that was never registered',
      async ({ as }) => {
        const other = testAuthenticator(origin());
        const id = Buffer.from(`human:${as}`).toString('base64url');
        other.register({ challenge: 'x', user: { id } });
        return other.sign(await challenge());
      },
    ],
    [
      'without the human verified',
      async ({ authenticator }) => authenticator.sign(await challenge(), 0x01),
    ],
    [
      'to a challenge of its own',
      async ({ authenticator }) => authenticator.sign({ challenge: 'eA' }),
    ],
    [
      'to the challenge of a registration',
      async ({ authenticator, as }) => {
        const token = await pages.token();
        const { json } = await pages.post('/set-up/options', { token, name: as });
        return authenticator.sign(json as never);
      },
    ],
    [
      'that counts backward, as a copy does',
      async ({ authenticator }) => {
        await pages.post('/log-in', { response: authenticator.sign(await challenge()) });
        authenticator.fallBehind();
        return authenticator.sign(await challenge());
      },
    ],
    [
      'with another signature',
      async ({ authenticator }) => {
        const shown = authenticator.sign(await challenge());
        return { ...shown, response: { ...shown.response, signature: 'MAYCAQECAQE' } };
      },
    ],
  ])('%s opens nothing', async (_, answer) => {
    const response = await answer(await setUp());
    const tried = await pages.post('/log-in', { response });
    expect([tried.status, tried.cookie]).toEqual([403, undefined]);
    expect(pages.failures).toEqual([]);
  });
});

describe('the pages', () => {
  test.each(['/log-in', '/set-up'])(
    '%s runs nothing of others and cannot be framed',
    async (path) => {
      const answer = await fetch(new URL(path, pages.base));
      expect(answer.headers.get('content-security-policy')).toMatch(
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
    },
  );

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/oauth/interaction/../../evil',
    '/oauth/interaction/a?next=//evil',
    'javascript:alert(1)',
    '"><script>',
  ])('go on to no page but ours: not to %s', async (to) => {
    const answer = await fetch(new URL(`/log-in?to=${encodeURIComponent(to)}`, pages.base));
    expect(await answer.text()).toContain('data-to="/desk/approvals"');
    const { authenticator } = await setUp();
    const response = authenticator.sign(await challenge());
    const { json } = await pages.post(`/log-in?to=${encodeURIComponent(to)}`, { response });
    expect(json).toEqual({ to: '/desk/approvals' });
  });

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'content-type': 'text/plain' },
  ])('take nothing of another page (%j)', async (headers) => {
    for (const path of ['/set-up', '/set-up/options', '/log-in', '/log-in/options', '/log-out'])
      expect((await pages.post(path, {}, headers)).status).toBe(403);
  });
});

describe('a password, where no passkey can be', () => {
  let bare: Pages;
  const right = 'correct horse battery';
  beforeAll(async () => {
    bare = await startPages('127.0.0.1');
    const token = await bare.token();
    expect((await bare.post('/set-up', { token, name: 'ann', password: 'short' })).status).toBe(
      400,
    );
    const done = await bare.post('/set-up', { token, name: 'ann', password: right });
    expect(done.status).toBe(200);
  });
  afterAll(() => bare.close());

  test('logs in, and is kept in no readable form', async () => {
    const { status, cookie } = await bare.post('/log-in', { name: 'ann', password: right });
    expect(status).toBe(200);
    expect(await bare.who(cookie)).toMatchObject({ who: { identifiedBy: 'password' } });
    expect(JSON.stringify([...bare.rows])).not.toContain(right);
  });

  test('that is wrong opens nothing, and after five of them none is tried for a while', async () => {
    for (let at = 0; at < 5; at += 1) {
      const as = at % 2 === 0 ? 'ann' : 'nobody';
      expect((await bare.post('/log-in', { name: as, password: 'wrong' })).status).toBe(403);
    }
    expect((await bare.post('/log-in', { name: 'ann', password: right })).status).toBe(429);
    bare.pass(901);
    expect((await bare.post('/log-in', { name: 'ann', password: right })).status).toBe(200);
  });
});

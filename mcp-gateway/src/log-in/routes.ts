import { readFileSync } from 'node:fs';
import type { EventMetadata } from '@sentinel/contracts/kernel';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import type { OneTimeLink } from './one-time-link.ts';
import type { LogInOptions } from './options.ts';
import { logInPage, pagePolicy, setUpPage } from './pages.ts';
import { type Ceremonies, operatorIdOf } from './passkey-ceremony.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';

export type Rooms = {
  readonly sessions: Sessions;
  readonly link: OneTimeLink;
  readonly ceremonies: Ceremonies;
  readonly words: Passwords;
  /** Whether a browser takes passkeys here; else a password is asked for. */
  readonly byPasskey: boolean;
};

const largest = '64kb';
const script = readFileSync(new URL('./log-in.mjs', import.meta.url), 'utf8');
/** The library's own script for a page. What it exports lies beside it, one folder up. */
const library = readFileSync(
  new URL('../dist/bundle/index.umd.min.js', import.meta.resolve('@simplewebauthn/browser')),
  'utf8',
);

/** Where a human may be sent after they have logged in: pages of ours, by their whole path. */
const homeward = /^\/(oauth\/interaction\/[\w-]{1,100}|desk(\/[a-z-]{1,40}){0,2})$/;
const wayOn = (to: unknown): string =>
  typeof to === 'string' && homeward.test(to) ? to : '/desk/approvals';

/** By what a human is known, behind `human:`. */
export const humanName = z.string().regex(/^[a-z0-9_.-]{1,40}$/);
const token = z.string().max(100);
const shape = z.looseObject({ id: z.string().max(2_000), response: z.looseObject({}) });
/** What of it is sound the library proves. */
const webauthn = <Shown>() => z.custom<Shown>((value) => shape.safeParse(value).success);
const setUpSchema = z.strictObject({
  ...{ token, name: humanName, label: z.string().trim().min(1).max(100).default('passkey') },
  response: webauthn<RegistrationResponseJSON>().optional(),
  password: z.string().optional(),
});
const logInSchema = z.strictObject({
  response: webauthn<AuthenticationResponseJSON>().optional(),
  name: humanName.optional(),
  password: z.string().optional(),
});

const refuse = (response: Response, status: number, error: string): void =>
  void response.status(status).json({ error });

const show =
  (page: (request: Request) => string): RequestHandler =>
  (request, response) =>
    void response
      .set('Content-Security-Policy', pagePolicy)
      .set('X-Frame-Options', 'DENY')
      .type('html')
      .send(page(request));

/** A body that only a page of ours can send: JSON, from our own origin. */
const fromUs =
  <Body>(
    { base, onError }: Pick<LogInOptions, 'base' | 'onError'>,
    schema: z.ZodType<Body>,
    serve: (body: Body, request: Request, response: Response) => Promise<void>,
  ): RequestHandler =>
  async (request, response) => {
    if (request.headers.origin !== base.origin || !request.is('application/json'))
      return refuse(response, 403, 'This comes from another page.');
    const body = schema.safeParse(request.body);
    if (!body.success) return refuse(response, 400, 'The form is not complete.');
    try {
      await serve(body.data, request, response);
    } catch (error) {
      onError(error);
      refuse(response, 500, 'Something went wrong inside Sentinel.');
    }
  };

/** First: whoever holds the link says by what they will be known, and is logged in by it. */
const setUp = ({ sessions, link, ceremonies, words, byPasskey }: Rooms, options: LogInOptions) => {
  const { store, passkeys, newId, now } = options;
  const register = async (principal: string, body: z.output<typeof setUpSchema>) => {
    if (!byPasskey) return words.set(principal, body.password ?? '');
    const passkey =
      body.response && (await ceremonies.registered(principal, body.label, body.response));
    if (passkey === undefined) return 'The passkey could not be verified.';
    const correlationId = newId();
    const by = {
      principal: 'operator-key:set-up-link',
      identifiedBy: 'operator_key',
      through: 'page',
    } as const;
    const metadata: EventMetadata = {
      ...{ principal: by.principal, client: 'set-up page', tool: 'set-up page' },
      ...{ correlationId, causationId: correlationId },
    };
    const room = passkeys();
    if (room === undefined) return 'Sentinel is still starting. Try again in a few seconds.';
    const outcome = await room.execute(
      operatorIdOf(principal),
      { type: 'RegisterPasskey', ...passkey, by, at: now() },
      metadata,
    );
    return outcome.ok ? undefined : outcome.refusal.message;
  };
  return {
    options: fromUs(options, setUpSchema, async (body, _request, response) => {
      if (!(await link.isGood(body.token)))
        return refuse(response, 403, 'This link was used, has ended, or is none.');
      response.json(await ceremonies.registration(`human:${body.name}`));
    }),
    finish: fromUs(options, setUpSchema, async (body, request, response) => {
      const principal = `human:${body.name}`;
      if (!(await link.isGood(body.token)))
        return refuse(response, 403, 'This link was used, has ended, or is none.');
      // What is wrong with a password is said before the link is gone.
      if (!byPasskey && !words.isLongEnough(body.password ?? ''))
        return refuse(response, 400, words.rule);
      if (!(await link.use(body.token))) return refuse(response, 403, 'This link was used.');
      const problem = await register(principal, body);
      if (problem !== undefined) return refuse(response, 400, problem);
      const record = { kind: 'Operator', id: principal, payload: null };
      await store.put({ ...record, ttlSeconds: null, family: null, alias: null });
      const identifiedBy = byPasskey ? 'passkey' : 'password';
      await sessions.begin({ request, response }, { principal, identifiedBy });
      response.json({ to: wayOn(undefined) });
    }),
  };
};

const logIn = ({ sessions, ceremonies, words, byPasskey }: Rooms, options: LogInOptions) => ({
  options: fromUs(options, logInSchema, async (_body, _request, response) => {
    response.json(await ceremonies.logIn());
  }),
  finish: fromUs(options, logInSchema, async (body, request, response) => {
    const wrong = 'That did not prove who you are.';
    if (byPasskey) {
      const room = options.passkeys();
      if (room === undefined) return refuse(response, 503, 'Sentinel is still starting.');
      const principal = body.response && (await ceremonies.loggedIn(room, body.response));
      if (principal === undefined) return refuse(response, 403, wrong);
      await sessions.begin({ request, response }, { principal, identifiedBy: 'passkey' });
      return void response.json({ to: wayOn(request.query.to) });
    }
    const principal = `human:${body.name ?? ''}`;
    const found = await words.check(principal, body.password ?? '');
    if (found === 'too many')
      return refuse(response, 429, 'Too many wrong passwords. Try again in a quarter of an hour.');
    if (found === 'wrong') return refuse(response, 403, wrong);
    await sessions.begin({ request, response }, { principal, identifiedBy: 'password' });
    response.json({ to: wayOn(request.query.to) });
  }),
});

/** Pages by which a human proves who they are. */
export const logInRoutes = (router: Router, rooms: Rooms, options: LogInOptions): void => {
  const json = express.json({ limit: largest });
  const first = setUp(rooms, options);
  const again = logIn(rooms, options);
  const { byPasskey } = rooms;
  router.get(
    '/log-in',
    show(({ query }) => logInPage({ byPasskey, to: wayOn(query.to) })),
  );
  router.get(
    '/set-up',
    show(() => setUpPage({ byPasskey })),
  );
  router.get(
    '/log-in.mjs',
    (_request, response) => void response.type('text/javascript').send(script),
  );
  router.get(
    '/webauthn.js',
    (_request, response) => void response.type('text/javascript').send(library),
  );
  router.post('/set-up/options', json, first.options);
  router.post('/set-up', json, first.finish);
  router.post('/log-in/options', json, again.options);
  router.post('/log-in', json, again.finish);
  router.post(
    '/log-out',
    json,
    fromUs(options, z.looseObject({}), async (_body, request, response) => {
      await rooms.sessions.end(request, response);
      response.json({ to: '/log-in' });
    }),
  );
};

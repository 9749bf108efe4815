import type { NewId } from '@sentinel/contracts/kernel';
import type { Config } from '@sentinel/infra/config';
import { systemClock } from '@sentinel/infra/runtime';
import express, { type Router } from 'express';
import { type Authenticate, localOperator } from './auth/index.ts';
import { type Humans, type LogIn, openLogIn } from './log-in/index.ts';
import { openOAuth } from './oauth/index.ts';
import type { Sentinel } from './sentinel.ts';

export type WayIn = {
  readonly authenticate: Authenticate;
  /** What a request without a good token is told; undefined where there are no tokens. */
  readonly challenge?: (path: string, sentToken: boolean) => string;
  readonly wayIn?: (router: Router) => void;
  /** Where people log in; undefined where nobody does. */
  readonly humans?: Humans;
  /** Opens it for a house that is ready, and says the lines that a human at the machine must read. */
  readonly open: (house: Sentinel) => Promise<readonly string[]>;
};

/** Where humans and clients reach this server. */
export const baseOf = ({ SENTINEL_PUBLIC_URL, PORT }: Config): URL =>
  new URL(SENTINEL_PUBLIC_URL ?? `http://localhost:${PORT}`);

/** Whoever comes before the house is ready may do nothing yet: each call of theirs is told so. */
const nobodyYet = { name: 'agent:unknown', kind: 'agent', scopes: new Set() } as const;

/** How others come in: as whoever started the program, or by a log-in and tokens. */
export const wayInOf = (
  config: Config,
  options: { readonly newId: NewId; readonly onError: (error: unknown) => void },
): WayIn => {
  if (!config.SENTINEL_AUTH_ENABLED) return { authenticate: localOperator(), open: async () => [] };
  const base = baseOf(config);
  const pages = express.Router();
  let oauth: Awaited<ReturnType<typeof openOAuth>> | undefined;
  let logIn: LogIn | undefined;
  const sessions: Humans['sessions'] = {
    of: async (request) => logIn?.sessions.of(request),
    end: async (request, response) => logIn?.sessions.end(request, response),
  };
  return {
    authenticate: async (request) =>
      oauth === undefined ? { ...nobodyYet, scopes: new Set() } : oauth.authenticate(request),
    challenge: (path, sentToken) => oauth?.challenge(path, sentToken) ?? 'Bearer',
    wayIn: (router) => void router.use(pages),
    humans: { sessions, origin: base.origin, logInAt: '/log-in' },
    open: async (house) => {
      const { accessStore: store, grants, passkeys } = house;
      const common = { ...options, store, base, now: systemClock };
      logIn = openLogIn({ ...common, passkeys: () => passkeys });
      oauth = await openOAuth({ ...common, sessions: logIn.sessions, grants: () => grants });
      await store.sweep();
      logIn.routes(pages);
      oauth.routes(pages);
      const link = await logIn.firstLink();
      return link === undefined
        ? []
        : [
            `Nobody can log in yet. Within an hour, open this link once, at a browser of yours: ${link}`,
          ];
    },
  };
};

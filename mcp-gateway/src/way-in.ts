import type { NewId, Timer } from '@sentinel/contracts/kernel';
import type { Config } from '@sentinel/infra/config';
import { systemClock } from '@sentinel/infra/runtime';
import express, { type Router } from 'express';
import { type Authenticate, StillStarting } from './auth/index.ts';
import type { IssuerOptions } from './issuer/index.ts';
import { keepSwept } from './keep-swept.ts';
import { type Humans, type LogIn, operatorPrincipal, type SetUpLink } from './log-in/index.ts';
import { openOAuth } from './oauth/index.ts';
import type { TokenDoor } from './resource/index.ts';
import { publicAddressOf } from './running/index.ts';
import type { Sentinel } from './sentinel.ts';

export type WayIn = {
  /** By tokens of OAuth; undefined where there are none. */
  readonly authenticate?: Authenticate;
  /** What a request without a good token is told; undefined where there are no tokens. */
  readonly challenge?: (path: string, sentToken: boolean) => string;
  readonly wayIn?: (router: Router) => void;
  /** Where people log in; undefined where nobody does. */
  readonly humans?: Humans;
  /** Makes a link for whoever lost what they logged in by; undefined where nobody logs in. @throws StillStarting */
  readonly newSetUpLink?: () => Promise<SetUpLink>;
  /** Opens it for a house that is ready, and says the lines that a human at the machine must read. */
  readonly open: (house: Sentinel) => Promise<readonly string[]>;
};

/** The door for tokens of the issuer that the settings name, or of the house itself. */
const doorOf = async (
  { OAUTH_ISSUER: issuer }: Pick<Config, 'OAUTH_ISSUER'>,
  options: Parameters<typeof openOAuth>[0] & Omit<IssuerOptions, 'issuer'>,
): Promise<TokenDoor> => {
  if (issuer !== undefined)
    return (await import('./issuer/index.ts')).openIssuer({ ...options, issuer });
  return openOAuth(options);
};

/** How others come in by OAuth: nothing at all where authentication is off. */
export const wayInOf = (
  config: Config,
  options: {
    readonly newId: NewId;
    readonly onError: (error: unknown) => void;
    /** What a library has to say to whoever runs it. */
    readonly onNotice: (text: string) => void;
    readonly operatorKey: string;
    readonly timer: Timer;
    /** Until then what has ended is swept out of the store. */
    readonly signal: AbortSignal;
  },
): WayIn => {
  if (!config.SENTINEL_AUTH_ENABLED) return { open: async () => [] };
  const base = new URL(publicAddressOf(config));
  const pages = express.Router();
  let door: TokenDoor | undefined;
  let logIn: LogIn | undefined;
  const sessions: Humans['sessions'] = {
    of: async (request) => logIn?.sessions.of(request),
    end: async (request, response) => logIn?.sessions.end(request, response),
    endAll: async (principal) => logIn?.sessions.endAll(principal),
  };
  return {
    // A client that is told that its token is none would throw it away.
    authenticate: async (request) => {
      if (door === undefined) throw new StillStarting();
      return door.authenticate(request);
    },
    challenge: (path, sentToken) => door?.challenge(path, sentToken) ?? 'Bearer',
    wayIn: (router) => void router.use(pages),
    humans: { sessions, origin: base.origin, logInAt: '/log-in' },
    newSetUpLink: async () => {
      if (logIn === undefined) throw new StillStarting();
      return logIn.newLink();
    },
    open: async (house) => {
      // Loaded where it serves alone: it costs a start some time.
      const { openLogIn } = await import('./log-in/index.ts');
      const { accessStore: store, grants, passkeys } = house;
      const common = { ...options, store, base, now: systemClock };
      logIn = openLogIn({ ...common, passkeys: () => passkeys });
      door = await doorOf(config, {
        ...{ ...common, setBy: operatorPrincipal(options.operatorKey) },
        ...{ sessions: logIn.sessions, grants: () => grants },
      });
      await store.sweep();
      void keepSwept(store, options);
      logIn.routes(pages);
      door.routes(pages);
      const first = await logIn.firstLink();
      return first === undefined
        ? []
        : [
            `Nobody can log in yet. Within an hour, open this link once, at a browser of yours: ${first.link}`,
          ];
    },
  };
};

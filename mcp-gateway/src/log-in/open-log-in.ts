import { isIP } from 'node:net';
import type { Router } from 'express';
import { oneTimeLink, type SetUpLink } from './one-time-link.ts';
import type { LogInOptions } from './options.ts';
import { passkeyCeremonies } from './passkey-ceremony.ts';
import { passwords } from './passwords.ts';
import { logInRoutes } from './routes.ts';
import { humanSessions, type Sessions } from './sessions.ts';

export type LogIn = {
  readonly sessions: Sessions;
  /** Adds its pages; before whatever reads bodies. */
  readonly routes: (router: Router) => void;
  /** The address by which the first human sets up how they log in; undefined where one has. */
  readonly firstLink: () => Promise<SetUpLink | undefined>;
  /** The same for whoever lost what they logged in by. It is for the machine alone to show. */
  readonly newLink: () => Promise<SetUpLink>;
};

/** Browsers let no page at a bare address use a passkey, and none without HTTPS but at localhost. */
export const takesPasskeys = ({ protocol, hostname }: URL): boolean =>
  (protocol === 'https:' || hostname === 'localhost') &&
  isIP(hostname.replace(/^\[|\]$/g, '')) === 0;

export const openLogIn = (options: LogInOptions): LogIn => {
  const { store, base } = options;
  const sessions = humanSessions(store, base);
  const link = oneTimeLink(options);
  const rooms = {
    ...{
      sessions,
      link,
      ceremonies: passkeyCeremonies(options),
      words: passwords(store, options.rounds),
    },
    byPasskey: takesPasskeys(base),
  };
  return {
    sessions,
    routes: (router) => logInRoutes(router, rooms, options),
    firstLink: async () => ((await store.count('Operator')) === 0 ? link.make() : undefined),
    newLink: link.make,
  };
};

import type { AccessStore } from '@sentinel/contracts/access';
import type { NewId } from '@sentinel/contracts/kernel';
import type { Grants } from '@sentinel/services/access';
import type { Sessions } from '../log-in/index.ts';
import {
  addressesAt,
  byToken,
  challengeFor,
  challengeScopes,
  moreBy,
  type TokenDoor,
} from '../resource/index.ts';
import { consentRoutes } from './consent-routes.ts';
import { oauthKeys } from './keys.ts';
import { proverOf } from './prove.ts';
import { authorizationServer, type Fetch } from './provider.ts';
import { oauthRoutes } from './routes.ts';

export type OAuthOptions = {
  readonly store: AccessStore;
  readonly sessions: Sessions;
  /** Where humans and clients reach this server: its issuer. */
  readonly base: URL;
  /** Undefined until the house is ready. */
  readonly grants: () => Grants | undefined;
  readonly newId: NewId;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
  readonly onError: (error: unknown) => void;
  /** By what a client's description is fetched; by ours unless it is given. */
  readonly fetch?: Fetch;
  readonly mostClients?: number;
};

/** The authorization server of the house, and the door that takes its tokens. */
export const serveOAuth = async (options: OAuthOptions): Promise<TokenDoor> => {
  const { store, base, now } = options;
  const addresses = addressesAt(base);
  const provider = authorizationServer({
    ...options,
    addresses,
    keys: await oauthKeys(store, now),
  });
  return {
    authenticate: byToken({
      ...options,
      addresses,
      prove: proverOf(provider),
      moreBy: moreBy(addresses),
    }),
    challenge: challengeFor(addresses, challengeScopes),
    routes: (router) => {
      oauthRoutes(router, { provider, addresses });
      consentRoutes(router, { ...options, provider });
    },
  };
};

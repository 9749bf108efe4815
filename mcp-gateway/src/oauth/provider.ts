import type { AccessStore } from '@sentinel/contracts/access';
import { grantIdSchema } from '@sentinel/contracts/kernel';
import { type Grants, isInForce } from '@sentinel/services/access';
import { type Configuration, errors, Provider } from 'oidc-provider';
import { StillStarting } from '../auth/index.ts';
import { type Addresses, resourceScopes } from '../resource/index.ts';
import { oidcAdapter } from './adapter.ts';
import { mayFetch, proveClient } from './clients.ts';
import { errorPage } from './error-page.ts';
import { fetchDocument } from './fetch-document.ts';
import type { oauthKeys } from './keys.ts';

export type Fetch = (input: string | URL | Request) => Promise<Response>;

export type ProviderOptions = {
  readonly store: AccessStore;
  readonly addresses: Addresses;
  readonly keys: Awaited<ReturnType<typeof oauthKeys>>;
  /** What goes wrong inside; a client hears only that something did. */
  readonly onError: (error: unknown) => void;
  /** By what a client's description is fetched. */
  readonly fetch?: Fetch;
  /** Registrations that no human has given leave to, at the most. */
  readonly mostClients?: number;
  /** Undefined until the house is ready. */
  readonly grants: () => Pick<Grants, 'newest'> | undefined;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
};

const minute = 60;
const day = 86_400;
/** In seconds. A year after the human gave leave they are asked again. */
const ttl = {
  AccessToken: 60 * minute,
  AuthorizationCode: minute,
  RefreshToken: 30 * day,
  Interaction: 10 * minute,
  Session: 60 * minute,
  Grant: 365 * day,
  IdToken: 5 * minute,
} as const;

const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  jwks: '/oauth/jwks',
} as const;

/** Paths that the authorization server answers, and no other. */
export const answersAt = (path: string): boolean =>
  Object.values<string>(routes).includes(path) ||
  /^\/oauth\/authorize\/[\w-]{1,100}$/.test(path) ||
  path === '/.well-known/oauth-authorization-server' ||
  path === '/.well-known/openid-configuration';

const featuresOf = ({ addresses }: ProviderOptions): Configuration['features'] => ({
  devInteractions: { enabled: false },
  userinfo: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  registration: { enabled: true, issueRegistrationAccessToken: false },
  revocation: {
    enabled: true,
    allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
  },
  clientIdMetadataDocument: {
    enabled: true,
    ack: 'draft-02',
    allowFetch: (_context, clientId) => mayFetch(clientId),
  },
  resourceIndicators: {
    enabled: true,
    // A client that names none gets no token: a token for nothing in particular would open no door.
    defaultResource: (context, _client, oneOf) => {
      if (context.oidc.route === 'authorization')
        throw new errors.InvalidTarget('resource must name what the token is for');
      return oneOf ?? [];
    },
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, resource) => {
      if (!addresses.resources.includes(resource)) throw new errors.InvalidTarget();
      return {
        scope: resourceScopes.join(' '),
        audience: resource,
        accessTokenFormat: 'opaque',
        accessTokenTTL: ttl.AccessToken,
      };
    },
  },
});

const cookiesOf = ({ keys, addresses }: ProviderOptions): Configuration['cookies'] => {
  const secure = addresses.base.protocol === 'https:';
  const options = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    keys: [...keys.cookieSecrets],
    names: {
      session: secure ? '__Host-oauth' : 'oauth',
      interaction: 'oauth_interaction',
      resume: 'oauth_resume',
    },
    long: options,
    short: options,
  };
};

/**
 * Whether what is shown for a new token still stands on a grant. Where a human revoked that or it has ended, a
 * client that could renew its token would ask for ever what opens nothing; refused, it asks its human anew.
 * @throws StillStarting, and what the log throws
 */
const standsOn = async (
  shown: { readonly grantId?: string | undefined } | undefined,
  { grants, now }: ProviderOptions,
): Promise<boolean> => {
  // A session asks for nothing yet.
  if (shown?.grantId === undefined) return true;
  const room = grants();
  if (room === undefined) throw new StillStarting();
  const standing = await room.newest(grantIdSchema.parse(shown.grantId));
  return standing !== undefined && isInForce(standing, now());
};

const configurationOf = (options: ProviderOptions): Configuration => ({
  adapter: oidcAdapter(options.store),
  jwks: { keys: [...options.keys.jwks] },
  cookies: cookiesOf(options),
  features: featuresOf(options),
  routes,
  ttl,
  scopes: ['openid', 'offline_access', ...resourceScopes],
  claims: { openid: ['sub'] },
  responseTypes: ['code'],
  pkce: { required: () => true },
  // Those who were let in by a secret of theirs would have to keep one.
  clientAuthMethods: ['none', 'client_secret_post', 'client_secret_basic'],
  clientDefaults: {
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
  },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  // The one place where every client passes, however it became known.
  extraClientMetadata: {
    properties: ['sentinel_policy'],
    // biome-ignore lint/complexity/useMaxParams: oidc-provider calls it with four.
    validator: (_context, _key, _value, metadata) => proveClient(metadata),
  },
  // A human is asked each time: leave that was given once is leave for that connection.
  loadExistingGrant: async ({ oidc }) => {
    const grantId = oidc.result?.consent?.grantId;
    return grantId === undefined ? undefined : oidc.provider.Grant.find(grantId);
  },
  findAccount: async (_context, accountId, shown) =>
    (await standsOn(shown as { readonly grantId?: string } | undefined, options))
      ? { accountId, claims: async () => ({ sub: accountId }) }
      : undefined,
  interactions: { url: (_context, { uid }) => `/oauth/interaction/${uid}` },
  issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  expiresWithSession: async () => false,
  clientBasedCORS: () => false,
  formats: { bitsOfOpaqueRandomness: 256 },
  renderError: async (context, out) => {
    context.type = 'html';
    context.set('Content-Security-Policy', errorPage.policy);
    context.body = errorPage.of(out.error_description ?? out.error);
  },
  fetch: (input) => (options.fetch ?? fetchDocument)(input),
});

/**
 * The authorization server. It writes every address from `base` alone, whatever a request says of the host
 * to which it came.
 */
export const authorizationServer = (options: ProviderOptions): Provider => {
  const { addresses, onError, store, mostClients = 500 } = options;
  const provider = new Provider(addresses.base.origin, configurationOf(options));
  provider.proxy = true;
  provider.on('server_error', (_context, error) => onError(error));
  provider.use(async (context, next) => {
    if (context.path === routes.registration && context.method === 'POST')
      if ((await store.count('Client')) >= mostClients) {
        context.status = 429;
        context.body = { error: 'temporarily_unavailable' };
        return;
      }
    await next();
  });
  return provider;
};

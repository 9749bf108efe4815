import { createHash } from 'node:crypto';
import {
  bearerAuthChallengeResponse,
  OAuthError,
  OAuthErrorCode,
  type OAuthTokenVerifier,
  verifyBearerToken,
} from '@modelcontextprotocol/server';
import { grantIdSchema } from '@sentinel/contracts/kernel';
import type { Grants } from '@sentinel/services/access';
import { isInForce } from '@sentinel/services/access';
import type Provider from 'oidc-provider';
import type { Authenticate, Principal } from '../auth/index.ts';
import type { Addresses } from './addresses.ts';
import { challengeScopes } from './scopes.ts';

export type TokenOptions = {
  readonly provider: Provider;
  readonly addresses: Addresses;
  /** Undefined until the house is ready. */
  readonly grants: () => Pick<Grants, 'newest'> | undefined;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
};

const refusal = (message: string) => new OAuthError(OAuthErrorCode.InvalidToken, message);

const longestName = 200;

/** The log's name of a client; an address that is longer than a name goes by its digest. */
export const agentOf = (clientId: string): string => {
  const name = `agent:${clientId}`;
  if (name.length <= longestName) return name;
  return `agent:sha256-${createHash('sha256').update(clientId).digest('hex')}`;
};

const verifierOf = (
  { provider }: TokenOptions,
  path: string,
  { accepted }: Addresses,
): OAuthTokenVerifier => ({
  verifyAccessToken: async (token) => {
    const found = await provider.AccessToken.find(token);
    if (found === undefined || !found.isValid || found.clientId === undefined)
      throw refusal('The token is unknown, has expired or was revoked.');
    const audience = [found.aud].flat();
    if (!audience.some((each) => each !== undefined && accepted(path).includes(each)))
      throw refusal('The token was given for another resource.');
    return {
      token,
      clientId: found.clientId,
      scopes: [...found.scopes],
      expiresAt: found.exp ?? 0,
      extra: { grantId: found.grantId },
    };
  },
});

/**
 * Tells by a token of our own who sends a request. The token names a grant and no more: what that allows is
 * read from the log with each call. @throws what the stores throw: who cannot be looked up is not let in
 */
export const byToken =
  (options: TokenOptions): Authenticate =>
  async (request) => {
    const path = URL.parse(request.url ?? '', 'http://any')?.pathname ?? '';
    const original = 'originalUrl' in request ? `${request.originalUrl}` : path;
    const door = URL.parse(original, 'http://any')?.pathname ?? path;
    try {
      const { clientId, extra } = await verifyBearerToken(request.headers.authorization, {
        verifier: verifierOf(options, door, options.addresses),
      });
      return await principalBy({ clientId, grantId: extra?.grantId }, options);
    } catch (error) {
      if (error instanceof OAuthError) return 'unauthenticated';
      throw error;
    }
  };

const principalBy = async (
  { clientId, grantId }: { readonly clientId: string; readonly grantId: unknown },
  { grants, now }: TokenOptions,
): Promise<Principal | 'unauthenticated'> => {
  const id = grantIdSchema.safeParse(grantId);
  if (!id.success) return 'unauthenticated';
  const principal = {
    name: agentOf(clientId),
    kind: 'agent',
    scopes: new Set(),
    grant: { grantId: id.data },
  } as const;
  // Before the house is ready nothing is answered but that, and what is allowed is asked again with the call.
  const room = grants();
  if (room === undefined) return { ...principal, scopes: new Set() };
  const standing = await room.newest(id.data);
  if (
    standing === undefined ||
    standing.grant.client.id !== clientId ||
    !isInForce(standing, now())
  )
    return 'unauthenticated';
  return { ...principal, scopes: new Set(), client: standing.grant.client };
};

/** What a client without a good token is told: where it gets one, and for what it may ask. */
export const challengeFor =
  ({ metadataOf }: Addresses) =>
  (path: string, sentToken: boolean): string => {
    const answer = bearerAuthChallengeResponse(
      refusal(sentToken ? 'The token opens nothing here.' : 'A token is needed.'),
      { requiredScopes: [...challengeScopes], resourceMetadataUrl: metadataOf(path) },
    );
    return answer.headers.get('WWW-Authenticate') ?? 'Bearer';
  };

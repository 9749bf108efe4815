import { createHash } from 'node:crypto';
import {
  type AuthInfo,
  bearerAuthChallengeResponse,
  OAuthError,
  OAuthErrorCode,
  verifyBearerToken,
} from '@modelcontextprotocol/server';
import type { StandingGrant } from '@sentinel/contracts/access';
import { type GrantId, grantIdSchema, type Scope } from '@sentinel/contracts/kernel';
import { type Grants, isInForce } from '@sentinel/services/access';
import type { Authenticate, Principal } from '../auth/index.ts';
import type { Addresses } from './addresses.ts';
import { challengeScopes } from './scopes.ts';

/** What a good token says: whose it is, until when, and by which grant they act. */
export type Proved = Pick<AuthInfo, 'clientId' | 'scopes'> & {
  /** Seconds of Unix time. */
  readonly expiresAt: number;
  readonly grantId: unknown;
  /** How a human is shown a client that the log does not know yet. */
  readonly clientName?: string;
};

export type TokenOptions = {
  readonly addresses: Pick<Addresses, 'accepted'>;
  /** Undefined until the house is ready. */
  readonly grants: () => Grants | undefined;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
  /** Proves a token that must be for one of these resources. @throws OAuthError, and what it asks throws */
  readonly prove: (token: string, accepted: readonly string[]) => Promise<Proved>;
  /** How a client of this door asks a human for a further scope; undefined where that gives it no other grant. */
  readonly moreBy?: (door: string, scope: Scope) => string;
  /** Gives a grant where the log has none; none is given unless it is there. */
  readonly adopt?: (
    proved: Proved & { readonly grantId: GrantId },
    grants: Grants,
  ) => Promise<StandingGrant | undefined>;
};

/** Why a token opens nothing. */
export const badToken = (message: string) => new OAuthError(OAuthErrorCode.InvalidToken, message);

const longestName = 200;

/** The log's name of a client; an address that is longer than a name goes by its digest. */
export const agentOf = (clientId: string): string => {
  const name = `agent:${clientId}`;
  if (name.length <= longestName) return name;
  return `agent:sha256-${createHash('sha256').update(clientId).digest('hex')}`;
};

const principalBy = async (
  proved: Proved,
  door: string,
  { grants, now, adopt, moreBy }: TokenOptions,
): Promise<Principal | 'unauthenticated'> => {
  const { clientId } = proved;
  const id = grantIdSchema.safeParse(proved.grantId);
  if (!id.success) return 'unauthenticated';
  const grantId = id.data;
  const principal = {
    name: agentOf(clientId),
    kind: 'agent',
    scopes: new Set(),
    grant: { grantId },
    ...(moreBy !== undefined && { challengeFor: (scope: Scope) => moreBy(door, scope) }),
  } as const;
  // Before the house is ready nothing is answered but that, and what is allowed is asked again with the call.
  const room = grants();
  if (room === undefined) return { ...principal, scopes: new Set() };
  const standing = (await room.newest(grantId)) ?? (await adopt?.({ ...proved, grantId }, room));
  if (
    standing === undefined ||
    standing.grant.client.id !== clientId ||
    !isInForce(standing, now())
  )
    return 'unauthenticated';
  return { ...principal, scopes: new Set(), client: standing.grant.client };
};

/** One token and nothing behind it (RFC 6750): where two are shown nobody knows which was meant. */
const oneToken = /^Bearer +[\w.~+/-]+=*$/i;

/**
 * Tells by an access token who sends a request. The token leads to a grant and says no more: what that allows
 * is read from the log with each call. @throws what the stores throw: who cannot be looked up is not let in
 */
export const byToken =
  (options: TokenOptions): Authenticate =>
  async (request) => {
    if (!oneToken.test(request.headers.authorization ?? '')) return 'unauthenticated';
    const path = URL.parse(request.url ?? '', 'http://any')?.pathname ?? '';
    const original = 'originalUrl' in request ? `${request.originalUrl}` : path;
    const door = URL.parse(original, 'http://any')?.pathname ?? path;
    const accepted = options.addresses.accepted(door);
    let proved: Proved | undefined;
    try {
      await verifyBearerToken(request.headers.authorization, {
        verifier: {
          verifyAccessToken: async (token) => {
            proved = await options.prove(token, accepted);
            const { clientId, scopes, expiresAt } = proved;
            return { token, clientId, scopes, expiresAt };
          },
        },
      });
    } catch (error) {
      if (error instanceof OAuthError) return 'unauthenticated';
      throw error;
    }
    return proved === undefined ? 'unauthenticated' : principalBy(proved, door, options);
  };

const challenge = (
  error: OAuthError,
  { scopes, metadata }: { readonly scopes: readonly string[]; readonly metadata: string },
): string => {
  const answer = bearerAuthChallengeResponse(error, {
    ...(scopes.length > 0 && { requiredScopes: [...scopes] }),
    resourceMetadataUrl: metadata,
  });
  return answer.headers.get('WWW-Authenticate') ?? 'Bearer';
};

/** What a client without a good token is told: where it gets one, and for what it may ask. */
export const challengeFor =
  ({ metadataOf }: Pick<Addresses, 'metadataOf'>, scopes: readonly string[]) =>
  (path: string, sentToken: boolean): string =>
    challenge(badToken(sentToken ? 'The token opens nothing here.' : 'A token is needed.'), {
      ...{ scopes, metadata: metadataOf(path) },
    });

/** What a client whose grant lacks a scope is told: a human chooses anew among all that it then asks for. */
export const moreBy =
  ({ metadataOf }: Pick<Addresses, 'metadataOf'>) =>
  (path: string, scope: Scope): string =>
    challenge(new OAuthError(OAuthErrorCode.InsufficientScope, 'A human can give more.'), {
      scopes: [...new Set([...challengeScopes, scope])],
      metadata: metadataOf(path),
    });

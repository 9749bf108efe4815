import type { Grant, StandingGrant } from '@sentinel/contracts/access';
import type { EventMetadata, GrantId, NewId } from '@sentinel/contracts/kernel';
import type { Grants } from '@sentinel/services/access';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { idFrom } from '../keys/index.ts';
import {
  addressesAt,
  badToken,
  byToken,
  challengeFor,
  type Proved,
  resourceMetadata,
  type TokenDoor,
} from '../resource/index.ts';
import { issuerKeys } from './issuer-keys.ts';

export type IssuerOptions = {
  /** Who gives the tokens, to the letter as it names itself. */
  readonly issuer: string;
  /** Where clients reach this server. */
  readonly base: URL;
  /** Who named the issuer: by their word its clients may look. */
  readonly setBy: string;
  /** Undefined until the house is ready. */
  readonly grants: () => Grants | undefined;
  readonly newId: NewId;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
};

/** Signatures that only the holder of a private key makes. */
const algorithms = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];
/** By how much two clocks may differ. */
const toleranceSeconds = 5;

const name = z.string().regex(/^[ -~]{1,255}$/);
/** What an access token must say (RFC 9068, section 2.2). */
const claimsSchema = z.looseObject({
  ...{ sub: name, client_id: name, jti: z.string(), exp: z.number(), iat: z.number() },
  scope: z.string().optional(),
});

/** As the log knows a client that speaks for somebody: nobody can choose words that mean somebody else. */
const clientOf = (issuer: string, sub: string, clientId: string): string =>
  ['oauth', issuer, sub, clientId].map(encodeURIComponent).join(':');

const proverOf = ({ issuer, now }: IssuerOptions) => {
  const keys = issuerKeys(issuer);
  return async (token: string, accepted: readonly string[]): Promise<Proved> => {
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, algorithms, audience: [...accepted], typ: 'at+jwt' },
      clockTolerance: toleranceSeconds,
      currentDate: new Date(now().epochMilliseconds),
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? badToken(error.message) : error;
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw badToken('The token lacks what an access token says.');
    const { sub, client_id: clientId, exp, scope = '' } = claims.data;
    return {
      clientId: clientOf(issuer, sub, clientId),
      clientName: `${clientId} for ${sub}`.slice(0, 200),
      scopes: scope.split(' ').filter((each) => each !== ''),
      expiresAt: exp,
      grantId: idFrom('issuer', issuer, sub, clientId),
    };
  };
};

/**
 * A client that the log does not know yet may look, and no more until a human widens that at the desk. It is
 * the word of whoever named the issuer, and stands in the log as theirs.
 */
const adopterOf =
  ({ setBy, newId, now }: IssuerOptions) =>
  async (
    { grantId, clientId, clientName }: Proved & { readonly grantId: GrantId },
    grants: Grants,
  ): Promise<StandingGrant | undefined> => {
    const correlationId = newId();
    const metadata: EventMetadata = {
      ...{ principal: setBy, client: 'OAUTH_ISSUER', tool: 'first token' },
      ...{ correlationId, causationId: correlationId },
    };
    const grant: Grant = {
      ...{ grantId, client: { id: clientId, name: clientName ?? clientId }, principal: setBy },
      ...{ abilities: ['look'], symbols: null, accounts: null },
      ...{ maxOrderValue: null, maxDayValue: null, expiresAt: null },
    };
    const by = { principal: setBy, identifiedBy: 'operator_key', through: 'command' } as const;
    const outcome = await grants.execute(
      grantId,
      { type: 'GrantAccess', grant, by, at: now() },
      metadata,
    );
    return outcome.ok ? outcome.value : undefined;
  };

/** The door for access tokens that another authorization server gives. Humans log in here as before. */
export const openIssuer = (options: IssuerOptions): TokenDoor => {
  const { issuer } = options;
  const addresses = addressesAt(options.base);
  // Which scopes an issuer gives it says itself; what is allowed here stands in the log.
  const scopes: readonly string[] = [];
  return {
    authenticate: byToken({
      ...{ ...options, addresses },
      ...{ prove: proverOf(options), adopt: adopterOf(options) },
    }),
    challenge: challengeFor(addresses, scopes),
    routes: (router) => resourceMetadata(router, { addresses, issuer, scopes }),
  };
};

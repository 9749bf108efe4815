import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { NotKnownNow } from '../auth/index.ts';
import { boundedFetch } from './bounded-fetch.ts';

const withinMs = 5_000;
/** Keys are fetched anew after ten minutes, and for a name that is not among them once in half a minute. */
const keptMs = 600_000;
const cooldownMs = 30_000;

const documentSchema = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

/** Where the metadata of an issuer may stand: RFC 8414 puts its path behind, OpenID Connect before. */
const documentsOf = (issuer: string): readonly URL[] => {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    new URL(`/.well-known/oauth-authorization-server${path}`, origin),
    new URL(`${path}/.well-known/openid-configuration`, origin),
  ];
};

/** Where the keys of an issuer stand, by its own word. @throws where it says nothing sound */
const keysAddressOf = async (issuer: string): Promise<URL> => {
  const [byOAuth, byOpenId] = documentsOf(issuer);
  const ask = async (url: URL | undefined): Promise<URL> => {
    const answer = await boundedFetch(`${url}`, { signal: AbortSignal.timeout(withinMs) });
    const { issuer: named, jwks_uri } = documentSchema.parse(await answer.json());
    if (named !== issuer) throw new Error(`${url} calls itself ${named} and not ${issuer}`);
    const at = new URL(jwks_uri);
    // Over plain HTTP anybody on the way could put in a key of theirs.
    if (at.protocol !== 'https:' && at.origin !== new URL(issuer).origin)
      throw new Error(`${url} has its keys at ${jwks_uri}, which is not https`);
    return at;
  };
  return ask(byOAuth).catch((first) =>
    ask(byOpenId).catch((second) => {
      throw new AggregateError([first, second], `${first}; ${second}`);
    }),
  );
};

/** That this token fits none of the keys, not that there are none to ask. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/**
 * The keys by which an issuer signs, fetched when the first token comes and kept for ten minutes.
 * @throws NotKnownNow while they cannot be had, and errors of jose where a token fits none of them
 */
export const issuerKeys = (issuer: string): JWTVerifyGetKey => {
  let opening: Promise<JWTVerifyGetKey> | undefined;
  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(await keysAddressOf(issuer), {
      ...{ timeoutDuration: withinMs, cooldownDuration: cooldownMs, cacheMaxAge: keptMs },
      [customFetch]: (url, { headers, signal }) => boundedFetch(url, { headers, signal }),
    });
  // An address that could not be learnt is asked for again by the next token.
  const opened = (): Promise<JWTVerifyGetKey> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return async (...of) => {
    try {
      return await (await opened())(...of);
    } catch (cause) {
      if (isOfToken(cause)) throw cause;
      throw new NotKnownNow(`The keys of ${issuer} cannot be had`, { cause });
    }
  };
};

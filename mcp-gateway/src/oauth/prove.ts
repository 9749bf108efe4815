import type Provider from 'oidc-provider';
import { badToken, type Proved } from '../resource/index.ts';

/** Knows the tokens that the authorization server gave: they are looked up, so that what is revoked ends at once. */
export const proverOf =
  (provider: Provider) =>
  async (token: string, accepted: readonly string[]): Promise<Proved> => {
    const found = await provider.AccessToken.find(token);
    if (found === undefined || !found.isValid || found.clientId === undefined)
      throw badToken('The token is unknown, has expired or was revoked.');
    const audience = [found.aud].flat();
    if (!audience.some((each) => each !== undefined && accepted.includes(each)))
      throw badToken('The token was given for another resource.');
    const { clientId, scopes, exp = 0, grantId } = found;
    return { clientId, scopes: [...scopes], expiresAt: exp, grantId };
  };

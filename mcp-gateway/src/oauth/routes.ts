import type { RequestHandler, Router } from 'express';
import type Provider from 'oidc-provider';
import {
  type Addresses,
  challengeScopes,
  resourceMetadata,
  resourceScopes,
} from '../resource/index.ts';
import { answersAt } from './provider.ts';

/** A request as it would have come without a proxy: what a header says of the host leads nowhere. */
const asAtBase =
  ({ base }: Addresses): RequestHandler =>
  (request, _response, next) => {
    request.headers['x-forwarded-proto'] = base.protocol.slice(0, -1);
    request.headers['x-forwarded-host'] = base.host;
    next();
  };

const framed: RequestHandler = (_request, response, next) => {
  response.set('X-Frame-Options', 'DENY').set('Cache-Control', 'no-store');
  next();
};

/** What of OAuth listens on the port, before anything reads a body. */
export const oauthRoutes = (
  router: Router,
  { provider, addresses }: { readonly provider: Provider; readonly addresses: Addresses },
): void => {
  const answer = provider.callback();
  router.use('/oauth', framed);
  router.use(['/oauth', '/.well-known'], asAtBase(addresses));
  resourceMetadata(router, { addresses, issuer: addresses.base.origin, scopes: resourceScopes });
  router.use((request, response, next) => {
    if (!answersAt(request.path)) return next();
    const url = new URL(request.url, addresses.base);
    // Who names no scope asks for what the challenge names.
    if (request.path === '/oauth/authorize' && !url.searchParams.has('scope'))
      request.url = `${request.url}${url.search === '' ? '?' : '&'}scope=${challengeScopes.join('%20')}`;
    return answer(request, response);
  });
};

import type { Router } from 'express';
import type { Addresses } from './addresses.ts';

/** Where a protected door's metadata stands (RFC 9728): who gives tokens for it, and for what. */
export const resourceMetadata = (
  router: Router,
  {
    addresses: { resources },
    issuer,
    scopes,
  }: {
    readonly addresses: Pick<Addresses, 'resources'>;
    /** Who gives the tokens, by their own name. */
    readonly issuer: string;
    /** For which a client may ask; nothing is said of them where there are none. */
    readonly scopes: readonly string[];
  },
): void => {
  router.get(/^\/\.well-known\/oauth-protected-resource(\/.*)?$/, (request, response, next) => {
    const path = request.path.slice('/.well-known/oauth-protected-resource'.length) || '/mcp';
    const resource = resources.find((each) => new URL(each).pathname === path);
    if (resource === undefined) return next();
    return void response.set('Access-Control-Allow-Origin', '*').json({
      resource,
      authorization_servers: [issuer],
      ...(scopes.length > 0 && { scopes_supported: scopes }),
      bearer_methods_supported: ['header'],
      resource_name: 'Sentinel, paper trading',
    });
  });
};

import type { IncomingMessage } from 'node:http';
import { userInfo } from 'node:os';
import type { Scope } from '@sentinel/contracts/kernel';

/** Who is answerable for a request, and what they may do. */
export type Principal = { readonly name: string; readonly scopes: ReadonlySet<Scope> };

/** Tells who sends a request. Keys and OAuth become further ones of these. */
export type Authenticate = (request: IncomingMessage) => Promise<Principal | 'unauthenticated'>;

/**
 * On loopback without authentication, whoever reaches the port is the account that started Sentinel.
 * It may ask for what needs governance, since asking is all that a tool can do there; it is no
 * administrator.
 */
export const localOperator = (): Authenticate => {
  const principal: Principal = {
    name: `local:${userInfo().username}`,
    scopes: new Set<Scope>(['read', 'trade', 'govern']),
  };
  return async () => principal;
};

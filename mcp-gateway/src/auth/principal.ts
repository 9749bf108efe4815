import type { IncomingMessage } from 'node:http';
import { userInfo } from 'node:os';
import type { GrantId, Scope } from '@sentinel/contracts/kernel';

/** Who is answerable for a request, how they came in, and what they may do. */
export type Principal = {
  /** As the log names it: `local:<user>`, `human:<name>`, `agent:<client id>`, `system:<workflow>`. */
  readonly name: string;
  /** An agent may do nothing without a grant; a human and the house need none. */
  readonly kind: 'human' | 'agent' | 'house';
  /** The program that speaks for them, as it is registered; undefined where none is. */
  readonly client?: { readonly id: string; readonly name: string } | undefined;
  /** What they may do; of whoever has a grant it is looked up anew with every call, and this says nothing. */
  readonly scopes: ReadonlySet<Scope>;
  /** By which grant they act. What it allows stands in the log, never here. */
  readonly grant?: { readonly grantId: GrantId } | undefined;
  /** The challenge (RFC 6750) by which their client can ask a human for a scope that is wanting; undefined where that leads nowhere. */
  readonly challengeFor?: ((scope: Scope) => string) | undefined;
};

/** Tells who sends a request. @throws StillStarting, and what the event store throws */
export type Authenticate = (request: IncomingMessage) => Promise<Principal | 'unauthenticated'>;

/** Who asks cannot be learnt before the house is ready. */
export class StillStarting extends Error {
  override readonly name = 'StillStarting';
  constructor() {
    super('Sentinel is still starting.');
  }
}

/** Who asks cannot be learnt now, though it might be in a while: nobody is let in, and no token is thrown away. */
export class NotKnownNow extends Error {
  override readonly name = 'NotKnownNow';
}

/** Asks one after another until one knows who it is. */
export const anyOf =
  (...ways: readonly Authenticate[]): Authenticate =>
  async (request) => {
    for (const way of ways) {
      const found = await way(request);
      if (found !== 'unauthenticated') return found;
    }
    return 'unauthenticated';
  };

/**
 * On loopback without authentication, whoever reaches the port is the account that started Sentinel.
 * It may ask for what needs governance, since asking is all that a tool can do there; it is no
 * administrator.
 */
export const localOperator = (): Authenticate => {
  const principal: Principal = {
    name: `local:${userInfo().username}`,
    kind: 'human',
    scopes: new Set<Scope>(['read', 'propose', 'trade', 'govern']),
  };
  return async () => principal;
};

import type { Ability } from '@sentinel/contracts/access';
import {
  accepted,
  type GrantId,
  type Outcome,
  refused,
  type Scope,
  type ToolDefinition,
} from '@sentinel/contracts/kernel';
import { type Grants, isInForce } from '@sentinel/services/access';
import type { Principal } from './principal.ts';

/** By what the house tells what a client may do. */
export type AccessSource = {
  readonly newest: Grants['newest'];
  /** Takes down that a grant was used now. */
  readonly used: (grantId: GrantId) => void;
  /** The account in which everything here is done. */
  readonly account: string;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
};

/** What a principal may do now, and by which version of their grant. */
export type Allowed = {
  readonly scopes: ReadonlySet<Scope>;
  readonly grantVersion?: number;
};

const scopeOf = {
  look: 'read',
  propose: 'propose',
  trade: 'trade',
  govern: 'govern',
} as const satisfies Record<Ability, Scope>;

/** The scopes that abilities come to. None gives `admin`. */
export const scopesOf = (abilities: readonly Ability[]): ReadonlySet<Scope> =>
  new Set(abilities.map((ability) => scopeOf[ability]));

/**
 * Looked up anew with each call, so that what a human changes is in force from the next one on, with the
 * same token. @throws what the event store throws: who cannot learn what is allowed allows nothing
 */
export const allowedTo = async (
  principal: Principal,
  { newest, used, account, now }: AccessSource,
  deskAt: string,
): Promise<Outcome<Allowed>> => {
  const ended = (message: string) =>
    refused('NO_ACCESS', message, `A human can give access at ${deskAt}.`);
  if (principal.grant === undefined)
    return principal.kind === 'agent'
      ? ended(`${principal.name} has no grant, and may do nothing without one.`)
      : accepted({ scopes: principal.scopes });
  const { grantId } = principal.grant;
  const standing = await newest(grantId);
  if (standing === undefined) return ended(`The grant of ${principal.name} is not in the log.`);
  const { grant, version } = standing;
  if (!isInForce(standing, now()))
    return ended(`The grant of ${grant.client.name} was revoked or has expired.`);
  if (grant.accounts !== null && !grant.accounts.includes(account))
    return ended(`The grant of ${grant.client.name} does not cover the account ${account}.`);
  used(grantId);
  return accepted({ scopes: scopesOf(grant.abilities), grantVersion: version });
};

/** Whether they may call a tool: what only stops may be called by whoever may do anything at all. */
export const mayCall = (
  { scope, stops }: Pick<ToolDefinition, 'scope' | 'stops'>,
  { scopes }: Allowed,
): boolean => scopes.has(scope) || (stops === true && scopes.size > 0);

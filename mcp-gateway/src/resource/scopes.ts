import { type Ability, abilities } from '@sentinel/contracts/access';
import { scopesOf } from '../auth/index.ts';

/** What a client may ask for by name; what it gets a human chooses, and only the log says it. */
export const resourceScopes: readonly string[] = [...scopesOf(abilities)];

/** The scopes that a client is told of as asked for: all that it may use before a human narrows it. */
export const challengeScopes: readonly string[] = resourceScopes.filter(
  (scope) => scope !== 'govern',
);

/** In a token, for the client to read; what is allowed the grant in the log says with each call. */
export const scopeTextOf = (given: readonly Ability[]): string => [...scopesOf(given)].join(' ');

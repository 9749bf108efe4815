export { type Addresses, addressesAt } from './addresses.ts';
export { agentOf, badToken, byToken, challengeFor, moreBy, type Proved } from './by-token.ts';
export { resourceMetadata } from './metadata-route.ts';
export { challengeScopes, resourceScopes, scopeTextOf } from './scopes.ts';
export type { TokenDoor } from './token-door.ts';

export { type AccessRefusal, accessRefusals } from './by-human.ts';
export type { GrantCommand } from './grant-decider.ts';
export { type Asking, type Grants, grantRoom, isInForce } from './grants.ts';

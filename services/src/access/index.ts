export { type AccessRefusal, accessRefusals } from './by-human.ts';
export type { GrantCommand, GrantEvent } from './grant-decider.ts';
export { type Asking, type Grants, grantRoom, isInForce } from './grants.ts';
export { type KeyCommand, openingAt, type StandingKey } from './key-decider.ts';
export { type Keys, keyRoom } from './keys.ts';
export { type LastUses, lastUses } from './last-uses.ts';
export {
  type PasskeyCommand,
  type Passkeys,
  passkeyRoom,
  type StandingPasskeys,
} from './passkeys.ts';

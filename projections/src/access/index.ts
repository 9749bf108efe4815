export { type GrantRow, grants, listGrants } from './grants.ts';
export { type KeyRow, keys, keysByPrefix, listKeys } from './keys.ts';
export { listPasskeys, type PasskeyRow, passkeys } from './passkeys.ts';

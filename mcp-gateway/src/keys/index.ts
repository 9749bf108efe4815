export { idFrom } from './api-key.ts';
export { bearerOf, byKey, type KeyOptions } from './by-key.ts';
export { type Hand, issueKey, revokeKey, rotateKey } from './hand-out.ts';
export { adoptNamed, namedKeys } from './named.ts';
export { keyPepper } from './pepper.ts';

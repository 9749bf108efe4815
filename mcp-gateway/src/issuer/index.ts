export { type IssuerOptions, openIssuer } from './open-issuer.ts';

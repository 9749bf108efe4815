export { addressesAt } from './addresses.ts';
export { type OAuth, type OAuthOptions, openOAuth } from './open-oauth.ts';

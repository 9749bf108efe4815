export { type OAuthOptions, openOAuth } from './open-oauth.ts';

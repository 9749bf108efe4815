export { openOAuth } from './open-oauth.ts';

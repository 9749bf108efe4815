import type { TokenDoor } from '../resource/index.ts';
import { hearNotices } from './hear-notices.ts';
import type { OAuthOptions } from './serve-oauth.ts';

/** The authorization server of the house, loaded where it serves, and the door that takes its tokens. */
export const openOAuth = async ({
  onNotice,
  ...options
}: OAuthOptions & {
  /** What the library has to say to whoever runs it. */
  readonly onNotice: (text: string) => void;
}): Promise<TokenDoor> => {
  const { serveOAuth } = await hearNotices(onNotice, () => import('./serve-oauth.ts'));
  return serveOAuth(options);
};

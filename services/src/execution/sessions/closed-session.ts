import type { StreamName } from '@sentinel/contracts/kernel';
import type { Sessions } from './sessions.ts';

/**
 * The session before one that is open: it is closed, and takes no key any more. Where it is not in the
 * fold at hand, another process closed it, and may have taken keys that this fold does not know.
 */
export const closedSession = async (
  { load, refresh }: Pick<Sessions, 'load' | 'refresh'>,
  stream: StreamName,
): ReturnType<Sessions['load']> => {
  const found = await load(stream);
  return found.state.phase === 'closed' ? found : refresh(stream);
};

import { createRequire } from 'node:module';

/** What writes debugging lines for whoever asks for them by the variable DEBUG. */
type Debug = { readonly disable: () => string; readonly enable: (namespaces: string) => void };

/**
 * The client library, loaded only where a Redis is used. It would write each command with what it is
 * given to standard error where DEBUG asks for that, the password too: those lines are turned off.
 */
export const loadLibrary = async () => {
  const library = await import('ioredis');
  const requireBeside = createRequire(import.meta.resolve('ioredis'));
  const debug = requireBeside('debug') as Debug;
  const asked = debug.disable();
  debug.enable([asked, '-ioredis:*'].filter((each) => each !== '').join(','));
  return library;
};

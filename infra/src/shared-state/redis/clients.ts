import type { Redis } from 'ioredis';
import { loadLibrary } from './load-library.ts';
import type { RedisAddress } from './redis-address.ts';

const connectWithinMs = 2_000;
const endWithinMs = 500;
const retryMostMs = 1_000;
const keepAliveMs = 10_000;

/** Two connections that nobody has opened yet: one to ask, one to hear. Both open again by themselves. */
export const openClients = async (
  { connection }: RedisAddress,
  { answerMs }: { readonly answerMs: number },
): Promise<{ readonly asking: Redis; readonly hearing: Redis }> => {
  const { Redis } = await loadLibrary();
  const asking = new Redis({
    ...connection,
    lazyConnect: true,
    protocol: 2,
    connectTimeout: connectWithinMs,
    commandTimeout: answerMs,
    disconnectTimeout: endWithinMs,
    keepAlive: keepAliveMs,
    retryStrategy: (times) => Math.min(50 * times, retryMostMs),
    // What cannot be asked at once is refused at once, and nothing is asked twice.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    disableClientInfo: true,
  });
  return { asking, hearing: asking.duplicate() };
};

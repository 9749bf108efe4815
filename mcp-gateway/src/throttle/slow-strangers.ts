import type { IncomingMessage } from 'node:http';
import { boundedCache } from '@sentinel/contracts/kernel';
import type { Authenticate } from '../auth/index.ts';
import { credentialOf } from './credential-of.ts';
import { TooMany } from './too-many.ts';
import { windows } from './windows.ts';

const requests = { most: 1_000, windowMs: 10_000 };
const failures = { most: 20, windowMs: 60_000 };
const knownCredentials = 10_000;

/**
 * Authenticates for an address so often and no more, and slows who shows one wrong credential after
 * another: beyond twenty a minute none of that address is looked at but those that opened before, since
 * behind one address many may stand. Counted in this process: nothing is asked for a stranger.
 * @throws TooMany
 */
export const slowStrangers = (
  authenticate: Authenticate,
  addressOf: (request: IncomingMessage) => string,
  nowMs?: () => number,
): Authenticate => {
  const asked = windows(requests, nowMs);
  const failed = windows(failures, nowMs);
  const opened = boundedCache<string, true>(knownCredentials);
  return async (request) => {
    const from = addressOf(request);
    const waitMs = asked.fullForMs(from);
    if (waitMs > 0) throw new TooMany('Too many requests come from this address.', waitMs);
    asked.add(from);
    if (request.headers.authorization === undefined) return authenticate(request);
    const credential = credentialOf(request);
    const slowedMs = failed.fullForMs(from);
    if (slowedMs > 0 && opened.get(credential) === undefined)
      throw new TooMany('Too many wrong credentials came from this address.', slowedMs);
    const found = await authenticate(request);
    if (found === 'unauthenticated') failed.add(from);
    else opened.set(credential, true);
    return found;
  };
};

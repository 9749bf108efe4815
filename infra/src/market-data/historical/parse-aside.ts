import { Worker } from 'node:worker_threads';
import type { Ticker } from '@sentinel/contracts/market';
import type { Stored } from './columns-store.ts';
import { refuseFaults } from './faults.ts';
import type { Given, Said } from './parse-thread.ts';
import { barsOf, type Made } from './settle-bars.ts';

/** A shorter file is parsed within the moments that a thread takes to begin. */
const worthAThread = 4_000_000;

/**
 * The bars of one file. A long one is parsed in a thread of its own, so that everything else goes on
 * meanwhile; its bytes go there, and are no longer here.
 * @throws UnfitBars; the signal's reason once it is aborted, which ends the thread
 */
export const parseAside = async (
  bytes: Uint8Array<ArrayBuffer>,
  entry: readonly [file: string, ticker: Ticker],
  { made, signal }: { readonly made: Made; readonly signal: AbortSignal | undefined },
): Promise<Stored> => {
  if (bytes.length < worthAThread) return barsOf(bytes, entry, made);
  const said = await inThread({ bytes, entry, made }, signal);
  if ('faults' in said) refuseFaults(said.faults);
  else return said.stored;
  throw new Error(`${entry[0]} was refused without a fault`);
};

const inThread = async (given: Given, signal: AbortSignal | undefined): Promise<Said> => {
  signal?.throwIfAborted();
  const thread = new Worker(new URL('./parse-thread.ts', import.meta.url), {
    workerData: given,
    transferList: [given.bytes.buffer as ArrayBuffer],
    execArgv: [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  const giveUp = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', giveUp, { once: true });
  thread.on('message', resolve);
  thread.on('error', reject);
  thread.on('exit', (code) => reject(new Error(`its thread ended with ${code}`)));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await thread.terminate();
  }
};

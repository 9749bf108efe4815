import type { EventStore, Outcome } from '@sentinel/contracts/kernel';
import type fc from 'fast-check';
import { Contended } from '../../kernel/index.ts';

/** Every call of the store waits for its turn in an order that the seed chooses. */
export const scheduled = (store: EventStore, scheduler: fc.Scheduler): EventStore => ({
  ...store,
  appendToStream: (...call) =>
    scheduler.schedule(Promise.resolve()).then(() => store.appendToStream(...call)),
  readStream: (...call) =>
    scheduler.schedule(Promise.resolve()).then(() => store.readStream(...call)),
});

/** Nothing was appended: the other desk was faster as often as anybody tries. */
export const lost = 'CONTENDED';

/** `ok`, or the code of the refusal. */
export const codeOf = async (placing: Promise<Outcome<unknown>>): Promise<string> => {
  try {
    const outcome = await placing;
    return outcome.ok ? 'ok' : outcome.refusal.code;
  } catch (error) {
    if (error instanceof Contended) return lost;
    throw error;
  }
};

import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreCorrupt, EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { ServerRefused } from './log-client.ts';

/** Reading twice does no harm: a leader that changes and a connection that dies are worth a few more. */
const retryPausesMs = [50, 200, 800, 1_600];

/** @throws EventStoreUnavailable after the last try, EventStoreCorrupt when a stream of ours was deleted */
export const retrying = async <Result>(read: () => Promise<Result>): Promise<Result> => {
  for (const pauseMs of retryPausesMs) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw portError(error);
      await sleep(pauseMs);
    }
  }
  try {
    return await read();
  } catch (error) {
    throw portError(error);
  }
};

/** The same in the words of the port. */
export const portError = (error: unknown): unknown => {
  if (!(error instanceof ServerRefused)) return error;
  return error.isFinal
    ? new EventStoreCorrupt(error.message, { cause: error })
    : new EventStoreUnavailable(error.message, { cause: error });
};

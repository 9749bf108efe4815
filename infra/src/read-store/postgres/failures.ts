import { ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { isOutage } from '../../postgres/index.ts';

/**
 * Runs work against the database. An outage becomes ReadStoreUnavailable; what is wrong with our own
 * statements stays what it is.
 */
export const reaching = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    throw isOutage(error)
      ? new ReadStoreUnavailable(`the views cannot be reached: ${error.message}`, { cause: error })
      : error;
  }
};

import { ReadStoreUnavailable } from '@sentinel/contracts/kernel';

/** Connection lost, server shutting down or out of resources, lock not to be had, read too early. */
const passing = /^(08|53|57|40|55P03|42P01|3F000|E[A-Z])/;

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

const isOutage = (error: unknown): error is Error => {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return passing.test(error.code);
  // The driver's own errors have no code.
  return /connection|timeout|Client was closed/i.test(error.message);
};

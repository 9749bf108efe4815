import { MarketDataUnavailable } from '@sentinel/contracts/market';

/** Undefined when the provider cannot answer now; what is wrong with our own code still throws. */
export const ifAvailable = async <Value>(answer: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MarketDataUnavailable) return undefined;
    throw error;
  }
};

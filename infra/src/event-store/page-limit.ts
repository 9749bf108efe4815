const defaultPage = 1_000;
const largestPage = 5_000;

/** How many events a page of the log holds. @throws RangeError outside 1 to 5,000. */
export const pageLimit = (maxCount = defaultPage): number => {
  if (!Number.isSafeInteger(maxCount) || maxCount < 1 || maxCount > largestPage) {
    throw new RangeError(`a page holds 1 to ${largestPage} events, not ${maxCount}`);
  }
  return maxCount;
};

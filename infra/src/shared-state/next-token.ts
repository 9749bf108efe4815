/**
 * Above the last one, and above the microseconds since 1970: so a token grows also when the last one is
 * forgotten, as long as the clock has not gone back behind it.
 */
export const nextToken = (last: bigint, epochMs: number): bigint => {
  const byClock = BigInt(Math.floor(epochMs * 1_000));
  return byClock > last ? byClock : last + 1n;
};

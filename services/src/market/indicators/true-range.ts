/** High, low and close of a series of bars. */
export type HighLowClose = {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
};

/** The range of bar `i` together with its gap from the close before; `i` from 1 up. */
export const trueRangeAt = ({ high, low, close }: HighLowClose, i: number): number => {
  const before = close[i - 1] as number;
  return Math.max(high[i] as number, before) - Math.min(low[i] as number, before);
};

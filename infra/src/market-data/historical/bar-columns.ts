/** One bar as a file gives it. Prices in whole micro-dollars; `startMs` is exact for timestamps. */
export type FileBar = {
  readonly line: number;
  readonly day: number;
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

/** The bars of a file in its order, as columns: a million of them take 56 MB and no time to collect. */
export type BarColumns = {
  readonly length: number;
  readonly line: Int32Array;
  /** A number of exchangeDays. */
  readonly day: Int32Array;
  readonly startMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
};

/** Columns for up to `capacity` bars; `length` is what `cutTo` makes of them. */
export const emptyColumns = (capacity: number): BarColumns => ({
  length: capacity,
  line: new Int32Array(capacity),
  day: new Int32Array(capacity),
  startMs: new Float64Array(capacity),
  open: new Float64Array(capacity),
  high: new Float64Array(capacity),
  low: new Float64Array(capacity),
  close: new Float64Array(capacity),
  volume: new Float64Array(capacity),
});

/** The first `length` bars, in the same memory. */
export const cutTo = (bars: BarColumns, length: number): BarColumns => ({
  length,
  line: bars.line.subarray(0, length),
  day: bars.day.subarray(0, length),
  startMs: bars.startMs.subarray(0, length),
  open: bars.open.subarray(0, length),
  high: bars.high.subarray(0, length),
  low: bars.low.subarray(0, length),
  close: bars.close.subarray(0, length),
  volume: bars.volume.subarray(0, length),
});

/** A figure of a column; throws RangeError where there is none. */
export const figureAt = (column: Float64Array | Int32Array, index: number): number => {
  const value = column[index];
  if (value === undefined) throw new RangeError(`there is no bar ${index}`);
  return value;
};

/** The bar at `index`; throws RangeError when there is none. */
export const barAt = (bars: BarColumns, index: number): FileBar => ({
  line: figureAt(bars.line, index),
  day: figureAt(bars.day, index),
  startMs: figureAt(bars.startMs, index),
  open: figureAt(bars.open, index),
  high: figureAt(bars.high, index),
  low: figureAt(bars.low, index),
  close: figureAt(bars.close, index),
  volume: figureAt(bars.volume, index),
});

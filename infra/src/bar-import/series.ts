import type { SourceTime } from './columns/times.ts';

/** One row of a source on its way to a bar: figures as plain decimals with every digit they had. */
export type SourceBar = {
  readonly line: number;
  readonly time: SourceTime;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly adjusted: string | undefined;
  /** Dollars per share that go ex on this day. */
  readonly dividend: string | undefined;
  /** New shares for each old one. */
  readonly split: number | undefined;
};

/** The bars of one symbol in one source. */
export type Series = {
  readonly symbol: string;
  readonly bars: readonly SourceBar[];
};

/** A bar whose time is settled: daily ones have a date alone. */
export type PlacedBar = SourceBar & {
  readonly date: string;
  /** Epoch milliseconds of its beginning; undefined for a daily bar. */
  readonly startMs: number | undefined;
};

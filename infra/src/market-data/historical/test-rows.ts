import { type BarColumns, barAt, type FileBar } from './bar-columns.ts';

/** The bars of a file one by one, as tests like to look at them. */
export const rowsOf = (bars: BarColumns): readonly FileBar[] =>
  Array.from({ length: bars.length }, (_, i) => barAt(bars, i));

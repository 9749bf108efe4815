import { tickerSchema } from '@sentinel/contracts/market';
import {
  type BarFile,
  barSessions,
  type Fault,
  readBarFile,
  type Splits,
  settleSplits,
  UnfitBars,
} from '../../market-data/index.ts';
import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';

/** What the strict provider makes of a file. */
export type Verified = {
  readonly barFile: BarFile;
  /** Closes in the shares of the last day, in micro-dollars, with their days. */
  readonly closes: Float64Array;
  readonly days: Int32Array;
};

const calendarKinds = new Set(['closed']);
const askedKinds = new Set(['step', 'clock', 'digits', ...calendarKinds]);

/** The provider's own words, with the line in the source. */
const tellFault = (
  { kind, problem, line }: Fault,
  findings: Findings,
  lineOf: (line: number) => number,
): void => {
  const told = calendarKinds.has(kind)
    ? `${problem.replace(/; bars of a market.*$/, '')}: say --calendar every-day for a market that trades on it`
    : problem;
  if (askedKinds.has(kind)) findings.asked(kind, told, lineOf(line));
  else findings.refused(kind, told, lineOf(line));
};

const tellNote = (note: string, findings: Findings, lineOf: (line: number) => number): void => {
  const match = /^\S+ line (\d+): (.*)$/.exec(note) ?? /^\S+?(): (.*)$/.exec(note);
  const line = Number(match?.[1] ?? 0);
  const text = match?.[2] ?? note;
  findings.told(/no bars on/.test(text) ? 'gap' : text, text, line === 0 ? 0 : lineOf(line));
};

const sum = (column: Float64Array): number => column.reduce((all, volume) => all + volume, 0);

/**
 * Puts a file through the strict provider: what it would refuse is found here, before anything is
 * written. Undefined when it refuses.
 */
export const verify = (
  {
    file,
    content,
    splits,
  }: { readonly file: string; readonly content: string | Uint8Array; readonly splits: Splits },
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
  lineOf: (line: number) => number,
): Verified | undefined => {
  try {
    const read = readBarFile(file, content);
    const ticker = tickerSchema.parse(file.replace(/\.csv$/, ''));
    const { barFile, notes } = settleSplits(read, ticker, splits);
    const placed = barSessions(barFile, options.calendar);
    for (const note of [...read.notes, ...notes, ...placed.notes]) tellNote(note, findings, lineOf);
    const [all, kept] = [sum(barFile.bars.volume), sum(placed.bars.volume)];
    if (options.calendar === 'every-day' && kept < all)
      findings.told(
        'hours',
        `${((1 - kept / all) * 100).toFixed(1)} % of its volume lies outside 09:30 to 16:00 New York, and is left out`,
      );
    return { barFile, closes: placed.bars.close, days: placed.bars.day };
  } catch (error) {
    if (!(error instanceof UnfitBars)) throw error;
    for (const fault of error.faults) tellFault(fault, findings, lineOf);
    return undefined;
  }
};

import { tickerSchema } from '@sentinel/contracts/market';
import {
  type BarFile,
  type Fault,
  readBarFile,
  type Splits,
  type Stored,
  settleBars,
  UnfitBars,
} from '../../market-data/index.ts';
import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';

/** What the strict provider makes of a file. */
export type Verified = {
  readonly barFile: BarFile;
  /** The bars of its sessions, in micro-dollars and in the shares of the last day. */
  readonly stored: Stored;
  readonly splits: Splits;
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
    known,
  }: {
    readonly file: string;
    readonly content: string | Uint8Array;
    readonly splits: Splits;
    /** What the content was read as already. */
    readonly known?: BarFile;
  },
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
  lineOf: (line: number) => number,
): Verified | undefined => {
  try {
    const read = known ?? readBarFile(file, content);
    const ticker = tickerSchema.parse(file.replace(/\.csv$/, ''));
    const stored = settleBars(read, ticker, { splits, calendar: options.calendar });
    for (const note of stored.notes) tellNote(note, findings, lineOf);
    const [all, kept] = [sum(read.bars.volume), sum(stored.history.volume)];
    if (options.calendar === 'every-day' && kept < all)
      findings.told(
        'hours',
        `${((1 - kept / all) * 100).toFixed(1)} % of its volume lies outside 09:30 to 16:00 New York, and is left out`,
      );
    return { barFile: read, stored, splits };
  } catch (error) {
    if (!(error instanceof UnfitBars)) throw error;
    for (const fault of error.faults) tellFault(fault, findings, lineOf);
    return undefined;
  }
};

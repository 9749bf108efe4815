import type { Ticker } from '@sentinel/contracts/market';
import { type BarFile, readBarFile } from './bar-file.ts';
import { barSessions } from './bar-sessions.ts';
import type { Stored } from './columns-store.ts';
import type { ReplayCalendar } from './sessions.ts';
import { type Splits, settleSplits } from './splits.ts';

/** What the bars of a folder are made with. */
export type Made = { readonly splits: Splits; readonly calendar: ReplayCalendar };

/** The bars of a file that was read, in sessions and in the shares of its last day. @throws UnfitBars */
export const settleBars = (read: BarFile, ticker: Ticker, { splits, calendar }: Made): Stored => {
  const { barFile, notes } = settleSplits(read, ticker, splits);
  const placed = barSessions(barFile, calendar);
  const days = Int32Array.from(placed.sessions.keys());
  return {
    history: { symbol: ticker, timeframe: barFile.timeframe, ...placed.bars },
    days,
    endMs: placed.bars.end.at(-1) ?? 0,
    notes: [...read.notes, ...notes, ...placed.notes],
  };
};

/** The bars of one file in sessions, with its splits settled. @throws UnfitBars */
export const barsOf = (
  bytes: Uint8Array,
  [file, ticker]: readonly [file: string, ticker: Ticker],
  made: Made,
): Stored => settleBars(readBarFile(file, bytes), ticker, made);

import type { Price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { lastAt, type Tape, type Timed, tapeOf } from './tape.ts';
import type { QuoteTick, TradeTick } from './ticks.ts';

type HaltTick = Timed & { readonly halted: boolean };
type BandTick = Timed & { readonly bands: { readonly lower: Price; readonly upper: Price } | null };

/** What has been heard of one symbol. */
export type Heard = {
  readonly symbol: Ticker;
  readonly quotes: Tape<QuoteTick>;
  readonly trades: Tape<TradeTick>;
  readonly halts: HaltTick[];
  readonly bands: BandTick[];
  /** When Alpaca was last asked for the newest quote and trade, epoch milliseconds. */
  checkedMs: number;
};

export const heardOf = (symbol: Ticker): Heard => ({
  ...{ symbol, quotes: tapeOf<QuoteTick>(), trades: tapeOf<TradeTick>() },
  ...{ halts: [], bands: [], checkedMs: Number.NEGATIVE_INFINITY },
});

/** Announcements that are kept of one symbol: a day has a few. */
const mostAnnouncements = 1_000;

export const announce = <Item extends Timed>(items: Item[], item: Item): void => {
  items.push(item);
  items.sort((a, b) => a.atMs - b.atMs);
  if (items.length > mostAnnouncements) items.shift();
};

export const isHalted = ({ halts }: Heard, atMs: number): boolean =>
  lastAt(halts, atMs)?.halted ?? false;

export const bandsAt = ({ bands }: Heard, atMs: number) => lastAt(bands, atMs)?.bands ?? undefined;

/** Codes of the tapes A and B, and of C and O: halts and pauses, and what ends them. */
const halting = new Set(['2', 'H', 'P']);
const resuming = new Set(['3', 'T']);

/** Whether a status code halts trading or lets it go on; undefined for one that changes neither. */
export const haltOf = (code: string | undefined): boolean | undefined => {
  if (code === undefined) return undefined;
  if (halting.has(code)) return true;
  return resuming.has(code) ? false : undefined;
};

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TradingDate } from '@sentinel/contracts/kernel';
import { nyseCalendar } from '@sentinel/contracts/market';

export const minuteMs = 60_000;

export type CentBar = {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};
/** A symbol by its sessions, each by its minutes: null for a minute in which nobody traded. */
export type SymbolScript = readonly (readonly (CentBar | null)[])[];

export type Script = {
  readonly symbols: Readonly<Record<string, SymbolScript>>;
  readonly dividends: readonly {
    readonly symbol: string;
    readonly session: number;
    readonly cents: number;
  }[];
  readonly splits: readonly {
    readonly symbol: string;
    readonly session: number;
    readonly newShares: number;
  }[];
  /** Minutes that a session lasts. */
  readonly minutes: number;
};

export type Session = { readonly openMs: number; readonly date: TradingDate };

/** Sessions from a Thursday on, over a weekend and the change to summer time. */
export const shortSessions = (count: number): readonly Session[] =>
  Array.from({ length: count }).reduce<readonly (Session & { readonly closeMs: number })[]>(
    (all) => [...all, nyseCalendar().nextSession(all.at(-1)?.closeMs ?? Date.UTC(2026, 2, 5, 5))],
    [],
  );

const csv = (startMs: number, { open, high, low, close, volume }: CentBar): string =>
  [
    new Date(startMs).toISOString().replace('.000', ''),
    ...[open, high, low, close].map((cents) => (cents / 100).toFixed(2)),
    volume,
  ].join(',');

/** A month of quiet sessions, by which ranges and volumes are measured. */
const historyOf = (first: Session): readonly string[] => {
  const quiet = { open: 10_000, high: 10_100, low: 9_900, close: 10_000, volume: 2_000_000 };
  let { openMs } = first;
  return Array.from({ length: 22 }, () => {
    openMs = nyseCalendar().previousSession(openMs).openMs;
    return [csv(openMs, quiet), csv(openMs + minuteMs, quiet)].join('\n');
  }).reverse();
};

/** The files of a replay in which all that happens is what the script says. */
export const writeFiles = (
  directory: string,
  script: Script,
  sessions: readonly Session[],
): void => {
  for (const [symbol, days] of Object.entries(script.symbols)) {
    const rows = days.flatMap((minutes, n) =>
      minutes.flatMap((bar, minute) =>
        bar === null ? [] : [csv((sessions[n]?.openMs ?? 0) + minute * minuteMs, bar)],
      ),
    );
    const header = 'timestamp,open,high,low,close,volume';
    const first = sessions[0] as Session;
    writeFileSync(
      join(directory, `${symbol}.csv`),
      [header, ...historyOf(first), ...rows].join('\n'),
    );
  }
  const paid = script.dividends.map(
    ({ symbol, session, cents }) =>
      `${symbol},${sessions[session]?.date},${(cents / 100).toFixed(2)}`,
  );
  if (paid.length > 0)
    writeFileSync(join(directory, 'dividends.csv'), ['symbol,date,amount', ...paid].join('\n'));
};

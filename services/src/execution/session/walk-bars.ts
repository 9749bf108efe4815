import type { VenueReport } from '@sentinel/contracts/execution';
import type { Digest, OrderId } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { type ExchangeBar, meetBar } from './meet-bar.ts';
import type { Session } from './state.ts';

/**
 * How far the bars have been walked beyond what a session has recorded: nothing but trailing stops has
 * moved on the way. It follows from the session and the bars, so that losing it loses nothing.
 */
export type Walk = {
  /** The session as the moved stops would leave it. */
  readonly session: Session;
  /** The last move of each stop, not recorded yet. */
  readonly moves: ReadonlyMap<OrderId, VenueReport>;
  /** Start of the last bar of each symbol that was walked, in epoch milliseconds. */
  readonly until: ReadonlyMap<Ticker, number>;
};

export const startWalk = (session: Session): Walk => ({
  session,
  moves: new Map(),
  until: new Map(),
});

/** Reports that go together at the most: each may become four events, and an append holds 500. */
const mostReports = 100;

/**
 * Takes a session's orders to completed bars, in order, as far as one append holds what comes of it.
 * Bars that only move trailing stops say nothing yet: where a stop stands can be reckoned again from the
 * same bars, as long as nothing is recorded that comes after them. So the moves in a symbol are told
 * together with the next thing that happens in it, and at the end when `closing`.
 */
export const walkBars = (
  from: Walk,
  bars: readonly ExchangeBar[],
  { digest, closing }: { readonly digest: Digest; readonly closing: boolean },
): { readonly reports: readonly VenueReport[]; readonly walk: Walk } => {
  let { session } = from;
  const moves = new Map(from.moves);
  const until = new Map(from.until);
  let said: readonly VenueReport[] = [];
  const walk = () => ({ session, moves, until });
  const tell = (symbol: Ticker | undefined): void => {
    for (const [orderId, move] of moves) {
      if (symbol !== undefined && move.met?.bar?.symbol !== symbol) continue;
      said = [...said, move];
      moves.delete(orderId);
    }
  };
  for (const each of bars) {
    const { symbol, start } = each.bar;
    const met = meetBar(each, session, digest);
    if (said.length > 0 && said.length + met.reports.length > mostReports)
      return { reports: said, walk: walk() };
    until.set(symbol, start.epochMilliseconds);
    session = met.session;
    if (met.reports.every(({ execType }) => execType === 'restated')) {
      for (const move of met.reports) if (move.orderId !== null) moves.set(move.orderId, move);
      continue;
    }
    tell(symbol);
    // The reports of one bar go on as they are: what was reckoned with them is known by them.
    said = said.length === 0 ? met.reports : [...said, ...met.reports];
  }
  if (closing) tell(undefined);
  return { reports: said, walk: walk() };
};

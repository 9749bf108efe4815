import { isBefore } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Session } from './state.ts';

const upTo = (
  met: Session['barsMet'],
  symbol: Ticker,
  at: Temporal.Instant,
): Session['barsMet'] => {
  const known = met.get(symbol);
  return known !== undefined && !isBefore(known, at) ? met : new Map(met).set(symbol, at);
};

/**
 * The session once something came of a bar that began at `bar`, or of a quote at `at`. Logs from before
 * bars were recorded say only when a stop moved on one: there the moment of the move stands for the bar.
 */
export const metMarket = (
  session: Session,
  {
    symbol,
    bar,
    at,
  }: { readonly symbol: Ticker; readonly bar: Temporal.Instant | null } & {
    readonly at: Temporal.Instant;
  },
): Session =>
  bar === null && session.venue.bars === undefined
    ? { ...session, quotesMet: upTo(session.quotesMet, symbol, at) }
    : { ...session, barsMet: upTo(session.barsMet, symbol, bar ?? at) };

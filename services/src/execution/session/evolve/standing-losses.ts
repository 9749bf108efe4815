import type { ClosedLosses, Execution, SessionOpened } from '@sentinel/contracts/execution';
import { type Money, money } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Closing, Session, StandingLosses, Streak } from '../state.ts';

/** As the books bring it in. Those from before counted executions: their streak is the cautious guess. */
export const standingIn = ({ closedLosses, lossStreak }: SessionOpened): StandingLosses => {
  const { count, lastLossAt } = closedLosses ?? lossStreak;
  const open = (closedLosses?.open ?? []).map(
    ({ symbol, realizedPnl }) => [symbol, realizedPnl] as const,
  );
  return { before: { count, lastLossAt }, closings: [], open: new Map(open) };
};

/** The same as the books carry it on. */
export const standingOut = (losses: StandingLosses): ClosedLosses => ({
  ...streakOf(losses),
  open: [...losses.open].map(([symbol, realizedPnl]) => ({ symbol, realizedPnl })),
});

/** Losing positions in a row, of those that are closed by now. */
export const streakOf = ({ closings, before }: StandingLosses): Streak =>
  closings.at(-1)?.streak ?? before;

/** Closings that a bust can still undo. */
const remembered = 200;

const withOpen = (
  losses: StandingLosses,
  symbol: Ticker,
  realized: Money | undefined,
): StandingLosses => {
  const open = new Map(losses.open);
  if (realized === undefined) open.delete(symbol);
  else open.set(symbol, realized);
  return { ...losses, open };
};

type Closed = Pick<Closing, 'symbol' | 'realized' | 'at'>;

const withClosing = (losses: StandingLosses, { symbol, realized, at }: Closed): StandingLosses => {
  const { count, lastLossAt } = streakOf(losses);
  const streak =
    realized < 0n
      ? { count: count + 1, lastLossAt: at }
      : { count: realized > 0n ? 0 : count, lastLossAt };
  const closings = [...losses.closings, { symbol, realized, at, streak }];
  const forgotten = closings.length > remembered ? closings.shift() : undefined;
  const before = forgotten?.streak ?? losses.before;
  return withOpen({ ...losses, closings, before }, symbol, undefined);
};

/** Takes back the last closing of a symbol; those that came after it are counted again without it. */
const withoutClosing = (
  losses: StandingLosses,
  symbol: Ticker,
): { readonly closing: Closing | undefined; readonly losses: StandingLosses } => {
  const { open, closings } = losses;
  const at = closings.findLastIndex((closing) => closing.symbol === symbol);
  if (at === -1) return { closing: undefined, losses };
  const earlier = { ...losses, closings: closings.slice(0, at) };
  const without = closings.slice(at + 1).reduce(withClosing, earlier);
  return { closing: closings[at], losses: { ...without, open } };
};

type Change = Pick<Execution, 'symbol' | 'position' | 'realizedPnl' | 'at'>;
type Held = Pick<Session, 'standingLosses' | 'positions'>;

const realizedBy = ({ open }: StandingLosses, { symbol, realizedPnl }: Change): Money =>
  money.add(open.get(symbol) ?? money.zero, realizedPnl);

/** Whether a holding has become another: closed, or turned around. */
export const isOver = (
  held: { readonly quantity: bigint },
  position: { readonly quantity: bigint } | null,
): boolean => position === null || position.quantity < 0n !== held.quantity < 0n;

/**
 * The streak after a fill that met a session. A position counts once, when it is closed or turned
 * around, by all that was realised since it was opened.
 */
export const standingAfter = (
  { standingLosses: losses, positions }: Held,
  fill: Change,
): StandingLosses => {
  const held = positions.get(fill.symbol);
  if (held === undefined) return losses;
  const realized = realizedBy(losses, fill);
  return isOver(held, fill.position)
    ? withClosing(losses, { ...fill, realized })
    : withOpen(losses, fill.symbol, realized);
};

/**
 * The same after a bust or a correction. What it opens again was never closed: its closing is taken back,
 * and it goes on with all that it had realised. What it puts right of a closed position is put right
 * in its closing.
 */
export const standingChanged = (
  { standingLosses, positions }: Held,
  change: Change,
): StandingLosses => {
  const { symbol, realizedPnl, position } = change;
  const held = positions.get(symbol);
  if (held !== undefined && !isOver(held, position))
    return withOpen(standingLosses, symbol, realizedBy(standingLosses, change));
  const { closing, losses } = withoutClosing(standingLosses, symbol);
  if (closing === undefined)
    return position === null
      ? withClosing(losses, { ...change, realized: realizedBy(losses, change) })
      : withOpen(losses, symbol, realizedPnl);
  const realized = money.add(closing.realized, realizedBy(losses, change));
  return position === null
    ? withClosing(losses, { ...closing, realized })
    : withOpen(losses, symbol, realized);
};

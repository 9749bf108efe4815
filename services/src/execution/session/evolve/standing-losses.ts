import type { ClosedLosses, Execution, SessionOpened } from '@sentinel/contracts/execution';
import { isBefore, type Money, money } from '@sentinel/contracts/kernel';
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

/** The same with others in the place of a closing; those that came after it are counted again. */
const withInstead = (
  losses: StandingLosses,
  closing: Closing,
  instead: readonly Closed[],
): StandingLosses => {
  const { closings, open } = losses;
  const at = closings.indexOf(closing);
  const earlier = { ...losses, closings: closings.slice(0, at) };
  const counted = [...instead, ...closings.slice(at + 1)].reduce(withClosing, earlier);
  return { ...counted, open };
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

/** The execution that the venue changes, as it was taken. */
type ChangedExecution = {
  readonly at: Temporal.Instant;
  /** Whether it counts for other shares now; at another price alone it opens and closes what it did. */
  readonly isResized: boolean;
};

/**
 * The same after a bust or a correction of `taken`; undefined for one that was never heard of, which
 * changes nothing. What it was part of decides: a position that still is open goes on with all that it has
 * realised. One that was closed is put right in its closing, where that stands among the others; with other
 * shares it was never closed, so that its closing is taken back and it goes on.
 */
export const standingChanged = (
  { standingLosses: losses, positions }: Held,
  change: Change,
  taken: ChangedExecution | undefined,
): StandingLosses => {
  if (taken === undefined) return losses;
  const { symbol, position, realizedPnl } = change;
  const closed = losses.closings.find(
    (closing) => closing.symbol === symbol && !isBefore(closing.at, taken.at),
  );
  if (closed === undefined)
    return positions.has(symbol) || position !== null
      ? goingOn(losses, change, realizedPnl)
      : losses;
  const realized = money.add(closed.realized, realizedPnl);
  return taken.isResized
    ? goingOn(withInstead(losses, closed, []), change, realized)
    : withInstead(losses, closed, [{ ...closed, realized }]);
};

/** A position that has realised so much more, or less, and is closed where nothing of it is left. */
const goingOn = (losses: StandingLosses, change: Change, more: Money): StandingLosses => {
  const realized = realizedBy(losses, { ...change, realizedPnl: more });
  return change.position === null
    ? withClosing(losses, { ...change, realized })
    : withOpen(losses, change.symbol, realized);
};

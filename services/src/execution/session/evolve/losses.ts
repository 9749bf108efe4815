import type { Execution, SessionOpened } from '@sentinel/contracts/execution';
import { type Money, money } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Losses, Session } from '../state.ts';
import { isOver } from './standing-losses.ts';

/** As the books bring it in. Those from before counted executions: their streak is the cautious guess. */
export const lossesIn = ({ closedLosses, lossStreak }: SessionOpened): Losses => ({
  ...(closedLosses ?? lossStreak),
  open: new Map((closedLosses?.open ?? []).map(({ symbol, realizedPnl }) => [symbol, realizedPnl])),
});

const withOpen = (
  { open }: Losses,
  symbol: Ticker,
  realized: Money | undefined,
): Losses['open'] => {
  const changed = new Map(open);
  if (realized === undefined) changed.delete(symbol);
  else changed.set(symbol, realized);
  return changed;
};

/**
 * The streak after a fill that met `session`. A position counts once, when it is closed or turned
 * around, by all that was realised since it was opened: three losing executions of one close are one
 * loss, and a partial loss within a gain is none.
 */
export const lossesAfter = (
  { closedLosses: losses, positions }: Session,
  {
    symbol,
    position,
    realizedPnl,
    at,
  }: Pick<Execution, 'symbol' | 'position' | 'realizedPnl' | 'at'>,
): Losses => {
  const held = positions.get(symbol);
  if (held === undefined) return losses;
  const total = money.add(losses.open.get(symbol) ?? money.zero, realizedPnl);
  if (!isOver(held, position)) return { ...losses, open: withOpen(losses, symbol, total) };
  const closed = { ...losses, open: withOpen(losses, symbol, undefined) };
  if (total < 0n) return { ...closed, count: losses.count + 1, lastLossAt: at };
  return total > 0n ? { ...closed, count: 0 } : closed;
};

/** After a bust or a correction: what is open has realised more or less, and no streak begins or ends. */
export const lossesChanged = (
  { closedLosses: losses, positions }: Session,
  { symbol, position, realizedPnl }: Pick<Execution, 'symbol' | 'position' | 'realizedPnl'>,
): Losses => {
  const isHeld = positions.has(symbol) && position !== null;
  const total = money.add(losses.open.get(symbol) ?? money.zero, realizedPnl);
  return { ...losses, open: withOpen(losses, symbol, isHeld ? total : undefined) };
};

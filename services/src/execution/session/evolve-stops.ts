import type { WorkingOrder } from '@sentinel/contracts/execution';
import { divide, type Price, price } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { Session } from './state.ts';

/** Where a stop stands in the new shares, rounded away from trading sooner; a dividend lowers sales. */
const movedStop = (stopAt: Price, { split, dividend }: CorporateAction, buying: boolean): Price => {
  const rounding = buying ? 'up' : 'down';
  const inNewShares =
    split === null
      ? stopAt
      : (divide(stopAt * BigInt(split.oldShares), BigInt(split.newShares), rounding) as Price);
  const less = buying || dividend === null ? inNewShares : ((inNewShares - dividend) as Price);
  const onGrid = less > 0n ? price.toTick(less, rounding) : less;
  return onGrid > 0n ? onGrid : (price.tickOf(inNewShares) as Price);
};

const isTrailing = ({ intent, stopAt, triggeredAt }: WorkingOrder): boolean =>
  intent.trail !== undefined && stopAt !== undefined && triggeredAt === undefined;

/**
 * Takes the trailing stops of a symbol through an action. Fixed ones stand where the terms say, which
 * follow as OrderReplaced; where a trailing one stands is no term, and the old price would trade at once.
 */
export const carryStops = (session: Session, action: CorporateAction): Session => {
  let { working, orders } = session;
  for (const order of working.values()) {
    const { orderId, intent, stopAt } = order;
    if (intent.symbol !== action.symbol || stopAt === undefined || !isTrailing(order)) continue;
    const moved = movedStop(stopAt, action, intent.side === 'buy');
    const record = orders.get(orderId);
    working = working.with(orderId, { ...order, stopAt: moved });
    if (record !== undefined) orders = orders.with(orderId, { ...record, stopAt: moved });
  }
  return { ...session, working, orders };
};

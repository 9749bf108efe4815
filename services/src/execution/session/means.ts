import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  exchangeDate,
  type Money,
  money,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import { applyFill, feesFor } from '../../portfolio/index.ts';
import type { FillReport, PaperReport } from '../venue/index.ts';
import type { Session } from './state.ts';

const wholeShare = quantity.fromShares(1);

/** What the order may spend: the cash that no other order has set aside. */
const budgetOf = ({ cash, working }: Session, { orderId }: WorkingOrder): Money =>
  money.subtract(
    cash,
    money.add(
      ...working
        .values()
        .filter((other) => other.orderId !== orderId)
        .map(({ reservedCash, replacement }) =>
          money.max(reservedCash, replacement?.reservedCash ?? money.zero),
        ),
    ),
  );

const cashAfter = (
  cash: Money,
  { intent: { symbol, side } }: WorkingOrder,
  { quantity: shares, price, at }: FillReport,
): Money => {
  const fees = feesFor({ side, quantity: shares, price, date: exchangeDate(at) });
  return applyFill({ cash, position: undefined }, { symbol, side, quantity: shares, price, fees })
    .cash;
};

/** The most shares that `cash` pays for at the price of the fill, whole ones where whole ones were ordered. */
const paidFor = (cash: Money, { intent }: WorkingOrder, { price }: FillReport): Quantity => {
  if (cash <= 0n) return quantity.zero;
  const most = ((cash * wholeShare) / price) as Quantity;
  return intent.quantity % wholeShare === 0n ? ((most - (most % wholeShare)) as Quantity) : most;
};

/**
 * A cash account pays with what it has: when a price that ran away costs more than was set aside, as much
 * is filled as the cash pays for, and the rest is canceled. A sale whose fees it could not pay is not made.
 */
export const withinMeans = (
  reports: readonly PaperReport[],
  order: WorkingOrder,
  session: Session,
): readonly PaperReport[] => {
  const first = reports.findIndex(({ type }) => type === 'fill');
  const fill = reports[first];
  if (session.limits.limits.margin !== undefined || fill?.type !== 'fill') return reports;
  const buys = order.intent.side === 'buy';
  const cash = buys ? budgetOf(session, order) : session.cash;
  if (cashAfter(cash, order, fill) >= 0n) return reports;
  const shares = buys ? paidFor(cash, order, fill) : quantity.zero;
  const isAllOrNone = order.intent.timeInForce === 'fok';
  const paid = isAllOrNone ? quantity.zero : shares;
  const reason = buys
    ? `The cash of the account pays for ${quantity.format(paid)} shares at this price.`
    : 'The sale would not pay its own fees.';
  return [
    ...reports.slice(0, first),
    ...(paid > 0n ? [{ ...fill, quantity: paid }] : []),
    { type: 'canceled', reason, at: fill.at },
  ];
};

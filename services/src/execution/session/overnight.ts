import type { WorkingOrder } from '@sentinel/contracts/execution';
import { money, quantity } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import {
  actionOnTerms,
  adjustedPrices,
  borrowFee,
  dividendOn,
  markAfter,
  movedStop,
  splitPosition,
  splitShares,
} from '../../portfolio/index.ts';
import { misfitOf } from '../../risk/index.ts';
import { actionKey } from './action-key.ts';
import type { ApplyCorporateActions, ChargeBorrowing } from './commands.ts';
import { evolve } from './evolve/evolve.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

/**
 * Splits and cash dividends of the night, each once: on what was held at the close before, and on the
 * terms of orders that worked on. Once the session trades nothing more is applied, since what is held
 * then may have been bought on the ex-date.
 */
export const applyActions = (
  { actions, at }: ApplyCorporateActions,
  session: Session,
): readonly SessionEvent[] => {
  if (session.phase !== 'opening') return [];
  const events: SessionEvent[] = [];
  let now = session;
  for (const action of actions) {
    if (now.actions.includes(actionKey(action))) continue;
    for (const event of eventsOf(action, now, at)) {
      events.push(event);
      now = evolve(now, event) as Session;
    }
  }
  return events;
};

const eventsOf = (
  action: CorporateAction,
  session: Session,
  at: Temporal.Instant,
): readonly SessionEvent[] => {
  const { symbol, split, dividend } = action;
  const held = session.positions.get(symbol);
  const orders = workingInTurn(session).filter(({ intent }) => intent.symbol === symbol);
  if (held === undefined && orders.length === 0) return [];
  const last = session.lastPrices.get(symbol);
  return [
    {
      type: 'CorporateActionApplied',
      data: {
        action,
        cash: money.add(session.cash, dividendOn(held, dividend)),
        position: held === undefined ? null : splitPosition(held, split),
        mark: last === undefined ? null : markAfter(last.price, action),
        stops: orders.flatMap((order) => trailingStop(order, action)),
        at,
      },
    },
    ...orders.flatMap((order) => adjusted(order, action, at)),
  ];
};

/** Where a stop that trails stands after the action; one that was reached is in other shares at the most. */
const trailingStop = (
  { orderId, intent, stopAt, triggeredAt }: WorkingOrder,
  action: CorporateAction,
) => {
  if (intent.trail === undefined || stopAt === undefined) return [];
  const { split } = action;
  if (triggeredAt !== undefined && split === null) return [];
  const followed =
    triggeredAt === undefined ? actionOnTerms(action) : { ...action, dividend: null };
  return [{ orderId, stopAt: movedStop(stopAt, followed, intent.side === 'buy') }];
};

const adjusted = (
  order: WorkingOrder,
  action: CorporateAction,
  at: Temporal.Instant,
): readonly SessionEvent[] => {
  const { orderId, reservedCash, replacement } = order;
  const { symbol, split } = action;
  const isTriggered = order.triggeredAt !== undefined;
  const leaves = split === null ? order.leavesQuantity : splitShares(order.leavesQuantity, split);
  const whole = quantity.add(order.cumulativeQuantity, leaves);
  const intent = { ...adjustedPrices(order.intent, action, isTriggered), quantity: whole };
  const about = { orderId, symbol, at };
  const reason = 'A corporate action changed the order.';
  const waiting: readonly SessionEvent[] =
    replacement === undefined
      ? []
      : [{ type: 'OrderReplaceRejected', data: { ...about, bar: null, reason } }];
  const ended = (why: string): readonly SessionEvent[] => [
    ...waiting,
    { type: 'OrderCanceled', data: { ...about, reason: why } },
  ];
  if (leaves <= 0n) return ended('The split leaves nothing of it.');
  const misfit = misfitOf(intent, { isTriggered });
  if (misfit !== undefined)
    return ended(
      `${split === null ? 'The dividend' : 'The split'} leaves no terms that fit: ${misfit.what}`,
    );
  return [
    ...waiting,
    {
      type: 'OrderReplaced',
      data: { ...about, intent, leavesQuantity: leaves, reservedCash, bar: null },
    },
  ];
};

/**
 * What is owed for shares that were sold short at the close before, each symbol once in a session: for
 * the nights until this one, at the prices of that close, whatever was done with them since.
 */
export const chargeBorrowing = (
  { charges, nights, at }: ChargeBorrowing,
  session: Session,
): readonly SessionEvent[] => {
  let { cash } = session;
  return charges.flatMap(({ symbol, mark, annualFeeBps }): readonly SessionEvent[] => {
    const shares = session.borrowed.get(symbol);
    if (shares === undefined || nights < 1) return [];
    if (session.borrowCharged.includes(symbol)) return [];
    const fee = borrowFee({ shares, mark, annualFeeBps, nights });
    cash = money.subtract(cash, fee);
    return [
      {
        type: 'BorrowFeeCharged',
        data: { symbol, shares, mark, annualFeeBps, nights, fee, cash, at },
      },
    ];
  });
};

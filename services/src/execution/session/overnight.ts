import type { WorkingOrder } from '@sentinel/contracts/execution';
import { money, type Price, quantity } from '@sentinel/contracts/kernel';
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
import type { Session, SessionEvent } from './state.ts';

/** Events of one append: an order makes two at the most, and an append holds 500. */
const mostEvents = 400;

/**
 * Splits and cash dividends of the night, each once: on what was held at the close before, and on the
 * terms of orders that worked on. Once the session trades nothing more is applied, since what is held
 * then may have been bought on the ex-date. With very many orders some of them are left: then the command
 * is to be given again.
 */
export const applyActions = (
  { actions, at }: ApplyCorporateActions,
  session: Session,
): readonly SessionEvent[] => {
  if (session.phase !== 'opening') return [];
  const events: SessionEvent[] = [];
  let now = session;
  const take = (event: SessionEvent) => {
    events.push(event);
    now = evolve(now, event) as Session;
  };
  const adjust = () => {
    while (now.adjusting !== null && events.length < mostEvents)
      for (const event of nextAdjusted(now.adjusting, now, at)) take(event);
  };
  adjust();
  for (const action of actions) {
    if (events.length >= mostEvents) break;
    const applied = now.actions.includes(actionKey(action)) ? undefined : onBooks(action, now, at);
    if (applied !== undefined) take(applied);
    adjust();
  }
  return events;
};

/** What the action does to holding and cash; undefined where it concerns nothing of the account. */
const onBooks = (
  action: CorporateAction,
  session: Session,
  at: Temporal.Instant,
): SessionEvent | undefined => {
  const { symbol, split, dividend } = action;
  const held = session.positions.get(symbol);
  const works = session.working.values().some(({ intent }) => intent.symbol === symbol);
  if (held === undefined && !works) return undefined;
  const last = session.lastPrices.get(symbol);
  return {
    type: 'CorporateActionApplied',
    data: {
      action,
      cash: money.add(session.cash, dividendOn(held, dividend)),
      position: held === undefined ? null : splitPosition(held, split),
      mark: last === undefined ? null : markAfter(last.price, action),
      stops: [],
      at,
    },
  };
};

/** What the action does to the next of the orders that are left. */
const nextAdjusted = (
  { action, left: [orderId] }: NonNullable<Session['adjusting']>,
  { working }: Session,
  at: Temporal.Instant,
): readonly SessionEvent[] => {
  const order = working.get(orderId);
  if (order === undefined) throw new Error(`${orderId} is to be adjusted and gone`);
  return adjusted(order, action, at);
};

/** Where a stop that trails stands after the action; one that was reached is in other shares at the most. */
const trailingStop = (
  { intent, stopAt, triggeredAt }: WorkingOrder,
  action: CorporateAction,
): Price | null => {
  if (intent.trail === undefined || stopAt === undefined) return null;
  const { split } = action;
  if (triggeredAt !== undefined && split === null) return null;
  const followed =
    triggeredAt === undefined ? actionOnTerms(action) : { ...action, dividend: null };
  return movedStop(stopAt, followed, intent.side === 'buy');
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
      data: {
        ...{ ...about, intent, leavesQuantity: leaves, reservedCash, bar: null },
        stopAt: trailingStop(order, action),
      },
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

import type { WorkingOrder } from '@sentinel/contracts/execution';
import { money, quantity } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import {
  adjustedPrices,
  borrowFee,
  dividendOn,
  splitPosition,
  splitShares,
} from '../../portfolio/index.ts';
import { actionKey } from './action-key.ts';
import type { ApplyCorporateActions, ChargeBorrowing } from './commands.ts';
import { evolve } from './evolve/evolve.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

/**
 * Splits and cash dividends at the opening of their ex-date, each once: on what is held, and on the
 * terms of working orders (after FINRA rule 5330: a split moves all of them, a dividend lowers limits
 * to buy and stops to sell, which would otherwise trade on the payment alone).
 */
export const applyActions = (
  { actions, at }: ApplyCorporateActions,
  session: Session,
): readonly SessionEvent[] => {
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
  const held = session.positions.get(action.symbol);
  const orders = workingInTurn(session).filter(({ intent }) => intent.symbol === action.symbol);
  if (held === undefined && orders.length === 0) return [];
  return [
    {
      type: 'CorporateActionApplied',
      data: {
        action,
        cash: money.add(session.cash, dividendOn(held, action.dividend)),
        position: held === undefined ? null : splitPosition(held, action.split),
        at,
      },
    },
    ...orders.flatMap((order) => adjusted(order, action, at)),
  ];
};

const adjusted = (
  order: WorkingOrder,
  action: CorporateAction,
  at: Temporal.Instant,
): readonly SessionEvent[] => {
  const { orderId, reservedCash } = order;
  const { symbol } = action;
  const waiting: readonly SessionEvent[] =
    order.status === 'pending_replace'
      ? [
          {
            type: 'OrderReplaceRejected',
            data: {
              orderId,
              symbol,
              at,
              bar: null,
              reason: 'A corporate action changed the order.',
            },
          },
        ]
      : [];
  const leaves =
    action.split === null ? order.leavesQuantity : splitShares(order.leavesQuantity, action.split);
  if (leaves === 0n) {
    const reason = 'The split leaves nothing of it.';
    return [...waiting, { type: 'OrderCanceled', data: { orderId, symbol, at, reason } }];
  }
  const intent = {
    ...adjustedPrices(order.intent, action),
    quantity: quantity.add(order.cumulativeQuantity, leaves),
  };
  return [
    ...waiting,
    {
      type: 'OrderReplaced',
      data: { orderId, symbol, at, intent, leavesQuantity: leaves, reservedCash, bar: null },
    },
  ];
};

/** What short positions owe for their borrowed shares, each symbol once in a session. */
export const chargeBorrowing = (
  { charges, nights, at }: ChargeBorrowing,
  session: Session,
): readonly SessionEvent[] => {
  let { cash } = session;
  return charges.flatMap(({ symbol, mark, annualFeeBps }): readonly SessionEvent[] => {
    const held = session.positions.get(symbol);
    if (held === undefined || held.quantity >= 0n || nights < 1) return [];
    if (session.borrowCharged.includes(symbol)) return [];
    const shares = quantity.absolute(held.quantity);
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

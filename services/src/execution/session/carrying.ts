import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  averagePrice,
  divide,
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { actionKey } from './action-key.ts';
import type { ApplyCorporateActions, ChargeBorrowing } from './commands.ts';
import { evolve } from './evolve.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

type Split = NonNullable<CorporateAction['split']>;

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

/** A short position pays what the lender would have got, rounded against the account. */
const dividendOn = (held: PositionState | undefined, each: Price | null): Money =>
  held === undefined || each === null
    ? money.zero
    : notional(each, held.quantity, held.quantity > 0n ? 'down' : 'up');

const splitShares = (shares: Quantity, { newShares, oldShares }: Split): Quantity =>
  divide(shares * BigInt(newShares), BigInt(oldShares), 'half-even') as Quantity;

const splitPosition = (held: PositionState, split: Split | null): PositionState | null => {
  if (split === null) return held;
  const shares = splitShares(held.quantity, split);
  if (shares === 0n) return null;
  const { symbol, cost } = held;
  return { symbol, quantity: shares, cost, averagePrice: averagePrice(cost, shares, 'half-even') };
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

/** The terms in the new shares, on the grid, each rounded away from trading sooner. */
const adjustedPrices = (intent: OrderIntent, { split, dividend }: CorporateAction): OrderIntent => {
  const buying = intent.side === 'buy';
  const move = (each: Price, rounding: 'down' | 'up', lowers: boolean): Price => {
    const inNewShares =
      split === null
        ? each
        : (divide(each * BigInt(split.oldShares), BigInt(split.newShares), rounding) as Price);
    const less = dividend === null || !lowers ? inNewShares : ((inNewShares - dividend) as Price);
    const onGrid = price.toTick(less > 0n ? less : (1n as Price), rounding);
    return onGrid > 0n ? onGrid : (price.tickOf(less) as Price);
  };
  const limit = (each: Price) => move(each, buying ? 'down' : 'up', buying);
  const stop = (each: Price) => move(each, buying ? 'up' : 'down', !buying);
  const { limitPrice, triggerPrice, stopPrice, exits, trail } = intent;
  // The exits stand on the other side: a parent that buys gets out by selling.
  const exitLimit = (each: Price) => move(each, buying ? 'up' : 'down', !buying);
  const exitStop = (each: Price) => move(each, buying ? 'down' : 'up', buying);
  return {
    ...intent,
    limitPrice: limitPrice === null ? null : limit(limitPrice),
    stopPrice: stopPrice === null ? null : exitStop(stopPrice),
    ...(triggerPrice !== undefined && { triggerPrice: stop(triggerPrice) }),
    ...(exits !== undefined && {
      exits: {
        takeProfit: exits.takeProfit === null ? null : exitLimit(exits.takeProfit),
        stopLoss: exits.stopLoss === null ? null : exitStop(exits.stopLoss),
      },
    }),
    ...(trail !== undefined && {
      trail: { ...trail, amount: trail.amount === null ? null : move(trail.amount, 'up', false) },
    }),
  };
};

const daysPerYear = 360n;

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
    const value = notional(mark, shares, 'up');
    const owed = value * BigInt(annualFeeBps) * BigInt(nights);
    const fee = divide(owed, daysPerYear * 10_000n, 'up') as Money;
    cash = money.subtract(cash, fee);
    return [
      {
        type: 'BorrowFeeCharged',
        data: { symbol, shares, mark, annualFeeBps, nights, fee, cash, at },
      },
    ];
  });
};

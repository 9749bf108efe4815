import type { UsedKey, WorkingOrder } from '@sentinel/contracts/execution';
import { exchangeWeek, type Money, millisecondsBetween, money } from '@sentinel/contracts/kernel';
import { markedOrAtCost } from '@sentinel/contracts/portfolio';
import type { CloseSession, OpenSession } from './commands.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

/** How long an idempotency key is remembered across sessions. */
const keyLifetimeMs = 24 * 60 * 60 * 1000;

/** Opens a session from the closing of the one before, or from nothing but cash. */
export const openBooks = (command: OpenSession): SessionEvent => {
  const { account, date, at, previous, limits, halts, venue, startingCash } = command;
  const weekOf = exchangeWeek(date);
  const closed = previous?.closed;
  const equity = closed?.equity ?? startingCash;
  return {
    type: 'SessionOpened',
    data: {
      account,
      date,
      at,
      cash: closed?.cash ?? startingCash,
      positions: closed?.positions ?? [],
      workingOrders: closed?.workingOrders ?? [],
      marks: closed?.marks ?? [],
      equity,
      lossStreak: closed?.lossStreak ?? { count: 0, lastLossAt: null },
      usedKeys: closed?.usedKeys ?? [],
      previous: previous?.stream ?? null,
      weekOf,
      weekStartEquity:
        closed !== undefined && closed.weekOf === weekOf ? closed.weekStartEquity : equity,
      limits,
      halts: [...halts],
      venue,
    },
  };
};

/** Orders ended in one append at the most: an append is bounded. */
const endedAtOnce = 400;
/** Idempotency keys that the books carry on at the most, the newest. */
const carriedKeys = 2_000;

/**
 * Ends the day's orders and writes down what the next session starts from. With very many orders it
 * ends some of them first: then the session stays open, and the command is to be given again.
 */
export const closeBooks = (command: CloseSession, session: Session): readonly SessionEvent[] => {
  const { at, marks } = command;
  const orders = workingInTurn(session);
  const carried = orders.filter(carriesOver);
  const ended = orders.filter((order) => !carriesOver(order));
  const endings = ended
    .slice(0, endedAtOnce)
    .map(
      ({ orderId, status, intent: { symbol } }): SessionEvent =>
        status === 'pending_cancel'
          ? { type: 'OrderCanceled', data: { orderId, symbol, at, reason: 'The session ended.' } }
          : { type: 'OrderExpired', data: { orderId, symbol, at } },
    );
  if (ended.length > endedAtOnce) return endings;
  return [
    ...endings,
    {
      type: 'SessionClosed',
      data: {
        account: session.account,
        date: session.date,
        at,
        cash: session.cash,
        positions: [...session.positions.values()],
        workingOrders: carried,
        marks,
        equity: equityAt(session, marks),
        lossStreak: session.lossStreak,
        usedKeys: recentKeys(session, at),
        weekOf: session.weekOf,
        weekStartEquity: session.weekStartEquity,
        realizedPnl: session.realizedPnl,
        fees: session.fees,
      },
    },
  ];
};

/** An order of unknown outcome keeps its exposure whatever its time in force says. */
const carriesOver = ({ intent, status }: WorkingOrder): boolean =>
  status === 'unknown' || (intent.timeInForce === 'gtc' && status !== 'pending_cancel');

const equityAt = (session: Session, marks: CloseSession['marks']): Money => {
  const prices = new Map(marks.map((mark) => [mark.symbol, mark.price]));
  const values = [...session.positions.values()].map((position) =>
    markedOrAtCost(position, prices.get(position.symbol)),
  );
  return money.add(session.cash, ...values);
};

const recentKeys = (session: Session, at: Temporal.Instant): UsedKey[] => {
  const keys: UsedKey[] = [];
  for (let n = session.keysInOrder.size; n >= 1 && keys.length < carriedKeys; n--) {
    const used = session.keysInOrder.get(`${n}`) as UsedKey;
    if (millisecondsBetween(used.at, at) > keyLifetimeMs) break;
    keys.push(used);
  }
  return keys.reverse();
};

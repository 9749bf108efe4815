import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  accepted,
  exchangeDate,
  isBefore,
  refused,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { closingEquity, openingBooks } from '../../portfolio/index.ts';
import { markedSymbols } from './account.ts';
import type { CarryOrders, CloseSession, OpenSession, SessionDecision } from './commands.ts';
import { later } from './evolve/order.ts';
import { standingOut } from './evolve/standing-losses.ts';
import { endProposals } from './proposals.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

/** Opens a session from the closing of the one before, or from nothing but cash. */
export const openBooks = (command: OpenSession): SessionEvent => {
  const { account, date, at, endsAt, previous, limits, halts, venue } = command;
  return {
    type: 'SessionOpened',
    data: {
      ...openingBooks(previous?.closed, command),
      ...{ account, date, at, endsAt, limits, venue },
      ...(previous?.closed.closedLosses !== undefined && {
        closedLosses: previous.closed.closedLosses,
      }),
      ...(previous?.closed.epoch !== undefined && { epoch: previous.closed.epoch }),
      halts: [...halts],
      workingOrders: [],
      usedKeys: [],
      tradingEnabled: false,
      previous: previous?.stream ?? null,
    },
  };
};

/** An order of any terms has less than three kilobytes: so many stay well below an append's bound. */
const carriedAtOnce = 200;

/**
 * Brings in orders that work on, some of them if there are many: then the command is to be given
 * again. One that stands here already is passed over.
 */
export const carryOrders = (
  { orders, at }: CarryOrders,
  session: Session,
): readonly SessionEvent[] => {
  const missing = orders
    .filter(({ orderId }) => session.orders.get(orderId) === undefined)
    .slice(0, carriedAtOnce);
  return missing.length === 0
    ? []
    : [{ type: 'WorkingOrdersCarried', data: { orders: missing, at } }];
};

/** Nothing may trade before the last order is there. */
export const enableTrading = (at: Temporal.Instant, session: Session): readonly SessionEvent[] => {
  if (session.phase === 'open') return [];
  if (session.ordersToCarry !== 0)
    throw new Error(`${session.ordersToCarry} orders are still to be brought in`);
  if (session.adjusting !== null)
    throw new Error(`${session.adjusting.left.length} orders are still to be adjusted`);
  return [{ type: 'TradingEnabled', data: { at } }];
};

/** Orders ended in one append at the most: an append is bounded. */
const endedAtOnce = 400;

/**
 * Ends the day's orders and writes down what the next session starts from. With very many orders it
 * ends some of them first: then the session stays open, and the command is to be given again.
 */
export const closeBooks = (command: CloseSession, session: Session): SessionDecision => {
  // In an older log the session may have gone on for longer than it should have.
  const at = later(command.at, session.lastAt);
  const asked = new Set(command.asked);
  const unasked = markedSymbols(session).filter((symbol) => !asked.has(symbol));
  if (unasked.length > 0)
    return refused('FACTS_LACKING', `Marks of ${unasked.join(', ')} are wanted.`, 'Ask for them.');
  const orders = workingInTurn(session);
  const ended = orders.filter((order) => !carriesOver(order, session.date));
  const endings = [
    ...endProposals(session, at),
    ...ended.slice(0, endedAtOnce).map((order) => endOf(order, at)),
  ];
  if (ended.length > endedAtOnce) return accepted(endings);
  const { account, date, cash, lossStreak, weekOf, weekStartEquity, realizedPnl, fees } = session;
  const positions = [...session.positions.values()];
  const marks = closingMarks(session, command.marks);
  const equity = closingEquity(cash, positions, marks);
  const carriedOrders = orders.length - ended.length;
  const closedLosses = standingOut(session.standingLosses);
  const streaks = { lossStreak, closedLosses };
  const books = { account, date, at, cash, positions, marks, equity, ...streaks, carriedOrders };
  return accepted([
    ...endings,
    {
      type: 'SessionClosed',
      data: {
        ...books,
        ...(session.epoch > 1 && { epoch: session.epoch }),
        ...{ weekOf, weekStartEquity, realizedPnl, fees },
      },
    },
  ]);
};

/** The newest price known of each: the market's, or what the session itself has traded at. */
const closingMarks = (session: Session, told: CloseSession['marks']): CloseSession['marks'] => {
  const byTicker = new Map(told.map((mark) => [mark.symbol, mark]));
  return markedSymbols(session).flatMap((symbol) => {
    const [mark, last] = [byTicker.get(symbol), session.lastPrices.get(symbol)];
    const isNewer = last !== undefined && (mark === undefined || isBefore(mark.at, last.at));
    return isNewer ? [{ symbol, ...last }] : mark === undefined ? [] : [mark];
  });
};

const endOf = (
  { orderId, status, intent: { symbol } }: WorkingOrder,
  at: Temporal.Instant,
): SessionEvent =>
  status === 'pending_cancel'
    ? { type: 'OrderCanceled', data: { orderId, symbol, at, reason: 'The session ended.' } }
    : { type: 'OrderExpired', data: { orderId, symbol, at } };

/**
 * An order of unknown outcome keeps its exposure whatever its time in force says, and one for the opening
 * that came after today's is for the next.
 */
const carriesOver = ({ intent, status, submittedAt }: WorkingOrder, date: TradingDate): boolean =>
  status === 'unknown' ||
  (status !== 'pending_cancel' &&
    (intent.timeInForce === 'gtc' ||
      (intent.timeInForce === 'opg' && exchangeDate(submittedAt) === date)));

import { type TakenExecution, viewOfOrder } from '@sentinel/contracts/execution';
import {
  type EventId,
  money,
  type OrderId,
  type RecordedEvent,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { orders } from '@sentinel/projections/execution';
import { type Account, accounts } from '@sentinel/projections/portfolio';
import { buy, noon } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import {
  assessedAccount,
  type Session,
  type SessionEvent,
  type SessionState,
  sessionDecider,
  workingInTurn,
} from './index.ts';

/** What a session says of money, in a form that can be compared. */
export const moneyOf = (session: Session) => {
  const { reservations } = assessedAccount(session, { intent: buy(1), facts: { at: noon } });
  return {
    cash: session.cash,
    fees: session.fees,
    realizedPnl: session.realizedPnl,
    dayStartEquity: session.dayStartEquity,
    initialMarginBps: session.limits.limits.margin?.initialBps ?? null,
    positions: [...session.positions.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
    working: workingInTurn(session)
      .map(({ orderId, status }, n) => [orderId, status, reservations[n]?.reservedCash])
      .sort(),
  };
};

/** The same, as the account view has it. */
export const shownBy = (account: Account) => ({
  cash: account.cash,
  fees: account.fees,
  realizedPnl: account.realizedPnl,
  dayStartEquity: account.dayStartEquity,
  initialMarginBps: account.initialMarginBps,
  positions: [...account.positions].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
  working: account.working
    .map(({ orderId, status, reservedCash, askedCash }) => [
      orderId,
      status,
      askedCash === null ? reservedCash : money.max(reservedCash, askedCash),
    ])
    .sort(),
});

const folds: ReadonlySet<string> = new Set(accounts.types);
const recorded = {
  id: '01890000-0000-7000-8000-00000000ffff' as EventId,
  stream: 'session-paper-2026-03-02' as StreamName,
} as RecordedEvent;

/** Folds view and session side by side, and hands both over after every event. */
export const beside = (
  events: readonly SessionEvent[],
  look: (account: Account, session: Session) => void,
): void => {
  const { evolve, initialState } = sessionDecider(testDigest);
  let state: SessionState = initialState;
  let account: Account | undefined;
  for (const event of events) {
    state = evolve(state, event);
    if (folds.has(event.type)) {
      const fact = { event, recorded } as Parameters<typeof accounts.evolve>[1];
      account = accounts.evolve(account, fact, 'paper');
    }
    if (account === undefined || state.phase === 'unopened') throw new Error('not opened');
    look(accounts.row.parse(accounts.row.encode(account)), state);
  }
};

type Row = NonNullable<Parameters<typeof orders.evolve>[0]>;
/** The orders view over some sessions: rows that one leaves are there in the next. */
export type OrderRows = Map<OrderId, Row>;

/** What the view and the session both say of an order's fills. */
const fillsOf = (fills: readonly (Row['fills'][number] | TakenExecution)[]) =>
  fills.map(({ venueExecutionId, quantity, price, fees, at }) => ({
    ...{ venueExecutionId, quantity, price, fees, at },
  }));

const moves: ReadonlySet<string> = new Set(orders.types);
/** Every order of a session as the view has it and as the session does, at its end. */
export const orderViews = (events: readonly SessionEvent[], rows: OrderRows = new Map()) => {
  const { evolve, initialState } = sessionDecider(testDigest);
  const begun = new Set<OrderId>();
  let state: SessionState = initialState;
  for (const event of events) {
    state = evolve(state, event);
    if (!moves.has(event.type)) continue;
    const fact = { event, recorded } as Parameters<typeof orders.evolve>[1];
    for (const key of orders.keys(fact)) {
      const orderId = key as OrderId;
      // An order that the day before left is in its rows, which may not be of these events.
      const known = rows.get(orderId);
      if (known === undefined && !orders.begins?.some((type) => type === event.type)) continue;
      if (known === undefined) begun.add(orderId);
      const row = orders.evolve(known, fact, key);
      if (row !== undefined) rows.set(orderId, orders.row.parse(orders.row.encode(row)));
    }
  }
  if (state.phase === 'unopened') throw new Error('not opened');
  const session = state;
  return [...rows].flatMap(([orderId, row]) => {
    const record = session.orders.get(orderId);
    if (record === undefined && begun.has(orderId))
      throw new Error(`the session has no order ${orderId}`);
    if (record === undefined) return [];
    const [shown, known] = [viewOfOrder(row), viewOfOrder(record)];
    const unsaid = {
      // When a carried order last changed is not carried with it.
      ...(!begun.has(orderId) && { updated_at: known.updated_at }),
    };
    return [
      {
        shown: { ...shown, ...unsaid, fills: fillsOf(row.fills) },
        known: { ...known, fills: fillsOf(record.executions) },
      },
    ];
  });
};

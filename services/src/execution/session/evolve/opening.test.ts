import type { SessionOpened, VenueReport } from '@sentinel/contracts/execution';
import { type DecisionId, money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { buy, noon, ordinaryFacts } from '../../../risk/fixtures.ts';
import { testDigest } from '../../test-kit/test-desk.ts';
import { orderOf } from '../../venue/test-look.ts';
import { type SessionCommand, sessionDecider, workingInTurn } from '../index.ts';
import { tradingDay } from '../test-day.ts';
import { open } from './opening.ts';

const opened = (rest: Partial<SessionOpened> = {}) => {
  const [event] = tradingDay().events;
  if (event?.type !== 'SessionOpened') throw new Error('the day has not begun');
  return open({ ...event.data, ...rest });
};

test('a session begins with nothing done in it', () => {
  expect(opened()).toMatchObject({
    ...{ released: [], tripped: [], guarded: [], actions: [], borrowCharged: [], resets: [] },
    standingLosses: { closings: [] },
    answers: { count: 0, rejected: [] },
  });
});

test('books from before positions were counted bring in their streak, and nothing realised', () => {
  const lossStreak = { count: 2, lastLossAt: noon };
  const { closedLosses, standingLosses } = opened({ lossStreak, closedLosses: undefined });
  expect(closedLosses).toEqual({ ...lossStreak, open: new Map() });
  expect(standingLosses).toEqual({ before: lossStreak, closings: [], open: new Map() });
});

test('a key that older books brought in stands for the order that it was used for', () => {
  const used = { key: 'k', paramsDigest: testDigest('1'), orderId: 'old' as OrderId, at: noon };
  const session = opened({ usedKeys: [used], tradingEnabled: true });
  const intent = buy(1);
  const facts = ordinaryFacts();
  const command: SessionCommand = {
    ...{ type: 'PlaceOrder', purpose: 'order', intent, facts, earlierUse: null },
    gathered: { symbols: [], uncorrelated: [], intent },
    orderId: '01890000-0000-7000-8000-000000000001' as OrderId,
    decisionId: '01890000-0000-7000-8000-000000001001' as DecisionId,
    ...{ idempotencyKey: 'k', paramsDigest: testDigest('1'), codeDigest: testDigest('code') },
  };
  const { decide } = sessionDecider(testDigest);
  expect(decide(command, session)).toEqual({ ok: true, value: [] });
});

describe('orders that work on from the day before', () => {
  const carried = (orderId: string, rest: Parameters<typeof orderOf>[1]) =>
    orderOf(
      { limitPrice: price.of('99'), timeInForce: 'gtc' },
      {
        ...{ orderId: orderId as OrderId, ...rest },
      },
    );

  test('come before those of the day, whatever their turn among themselves', () => {
    const day = tradingDay({
      carried: [carried('late', { sequence: 7 }), carried('early', { sequence: 3 })],
      previous: previousOf(2),
    });
    const order = day.place({ shares: 1, orderType: 'limit', limitPrice: price.of('98') });
    expect(day.session().working.get(order)?.sequence).toBe(8);
    const inTurn = workingInTurn(day.session()).map(({ orderId }) => orderId);
    expect(inTurn).toEqual(['early', 'late', order]);
  });

  test('are remembered as what they are: of ours or of others, with nothing that is not said', () => {
    const day = tradingDay({
      carried: [carried('ours', {}), carried('theirs', { external: true, venueOrderId: 'v' })],
      previous: previousOf(2),
    });
    const { orders } = day.session();
    const record = (orderId: string) => orders.get(orderId as OrderId);
    expect(record('ours')).toMatchObject({ external: false, executions: [], busted: [] });
    expect(record('theirs')).toMatchObject({ external: true });
  });

  test('are known by the id of the venue alone only where others placed them', () => {
    const day = tradingDay({
      carried: [carried('ours', { venueOrderId: 'v' })],
      previous: previousOf(1),
    });
    const report: VenueReport = {
      ...{ orderId: null, venueOrderId: 'v', at: noon, execType: 'trade', venueExecutionId: 'x' },
      ...{ quantity: quantity.fromShares(1), price: price.of('99') },
    };
    expect(day.take({ type: 'ReportVenue', reports: [report] })).toEqual([]);
    const placed = day.place({ shares: 1, orderType: 'limit', limitPrice: price.of('98') });
    const named = { orderId: placed, venueOrderId: 'w', at: noon, execType: 'new' } as const;
    day.take({ type: 'ReportVenue', reports: [named] });
    expect(day.take({ type: 'ReportVenue', reports: [{ ...report, venueOrderId: 'w' }] })).toEqual(
      [],
    );
  });
});

/** Books of nothing but cash, and of so many orders. */
function previousOf(carriedOrders: number) {
  const day = tradingDay();
  day.take({ type: 'CloseSession', at: noon, marks: [], asked: [] });
  const { closing } = day.session();
  if (closing === null) throw new Error('the day did not close');
  const cash = money.of('1000000');
  return { stream: 'session-paper-2026-02-27', closed: { ...closing, cash, carriedOrders } };
}

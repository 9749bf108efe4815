import { money, type OrderId, price, type TradingDate } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { haltOf, limitsWith, markAt, noon, nvda } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { type SessionCommand, sessionDecider, workingInTurn } from './index.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const limit = { orderType: 'limit', limitPrice: price.of('90'), timeInForce: 'gtc' } as const;

describe('a session that begins', () => {
  test('stands under the halts that stood before', () => {
    const halts = [haltOf('global', null)];
    const open: SessionCommand = {
      ...{ type: 'OpenSession', account: 'paper', date: '2026-03-02' as TradingDate },
      ...{ at: noon, endsAt: noon.add({ hours: 4 }), previous: null, limits: limitsWith() },
      startingCash: money.of('100000'),
      halts,
      venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
    };
    const decided = sessionDecider(testDigest).decide(open, { phase: 'unopened' });
    expect(decided).toMatchObject({ ok: true, value: [{ data: { halts } }] });
  });

  test('goes on with the beginning of the account that the one before was in', () => {
    const day = tradingDay();
    expect(dayAfter(tradingDay(), '100', []).session().epoch).toBe(1);
    const by = { givenReason: null, requestedBy: 'human:test', idempotencyKey: null };
    day.take({ type: 'ResetPaper', cash: money.of('5000'), ...by, at: noon });
    const next = dayAfter(day, '100', []);
    expect([next.session().epoch, dayAfter(next, '100', []).session().epoch]).toEqual([2, 2]);
  });
});

describe('very many orders', () => {
  const many = 405;
  /** So many orders of one kind at the close of a day, and what its books say. */
  const closed = () => {
    const day = tradingDay();
    day.place({ shares: 1, ...limit });
    const marks = [markAt(nvda, '100')];
    day.take({ type: 'CloseSession', at: noon, marks, asked: [nvda] });
    const { closing } = day.session();
    const [order] = workingInTurn(day.session());
    if (closing === null || order === undefined) throw new Error('the day is not closed');
    const orders = Array.from({ length: many }, (_, n) => ({
      ...order,
      orderId: `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` as OrderId,
      sequence: n + 1,
    }));
    const previous = {
      stream: 'session-paper-2026-02-27',
      closed: { ...closing, carriedOrders: many },
    };
    return { previous, orders };
  };

  test('are brought in, and ended, in appends that each stay within their bound', () => {
    const { previous, orders } = closed();
    const ofDay = orders.map((order) => ({
      ...order,
      intent: { ...order.intent, timeInForce: 'day' as const },
    }));
    const carrying = { type: 'CarryOrders', orders: ofDay, at: noon } as const;
    const night = [carrying, carrying, carrying];
    const next = tradingDay({ previous, carried: ofDay, night });
    const carried = next.events.flatMap((event) =>
      event.type === 'WorkingOrdersCarried' ? [event.data.orders.length] : [],
    );
    expect(carried).toEqual([200, 200, 5]);
    const marks = [markAt(nvda, '100')];
    const closing = { type: 'CloseSession', at: noon, marks, asked: [nvda] } as const;
    const first = next.take(closing).map(({ type }) => type);
    expect([first.length, new Set(first), next.session().phase]).toEqual([
      ...[400, new Set(['OrderExpired']), 'open'],
    ]);
    const rest = next.take(closing).map(({ type }) => type);
    expect([rest.length, rest.at(-1), next.session().phase]).toEqual([
      6,
      'SessionClosed',
      'closed',
    ]);
  });

  test('do not trade before the night has been through all of them', () => {
    const { previous, orders } = closed();
    const split = { newShares: 2, oldShares: 1 };
    const action = { symbol: nvda, exDate: '2026-03-02' as TradingDate, split, dividend: null };
    const carrying = { type: 'CarryOrders', orders, at: noon } as const;
    const applying = { type: 'ApplyCorporateActions', actions: [action], at: noon } as const;
    const night = [carrying, carrying, applying];
    const begin = (...more: readonly SessionCommand[]) =>
      tradingDay({ previous, carried: orders, night: [...night, ...more] });
    expect(() => begin()).toThrow('orders are still to be adjusted');
    expect(begin(applying).session().phase).toBe('open');
  });
});

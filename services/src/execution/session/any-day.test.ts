import {
  money,
  notional,
  type OrderId,
  type Price,
  price,
  quantity,
} from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../kernel/index.ts';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { keptAsSnapshot, plainState } from '../../kernel/test-snapshots.ts';
import { marginLimits, nvda } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { type Session, sessionDecider, workingInTurn } from './index.ts';
import { tradingDay } from './test-day.ts';

/** Cents around a hundred dollars. */
const cents = fc.integer({ min: -800, max: 800 });
const dollars = (offset: number): Price => price.of(((10_000 + offset) / 100).toFixed(2));
const shares = fc.integer({ min: 1, max: 400 });

const orderOf = fc.record({
  kind: fc.constant('order' as const),
  shares,
  side: fc.constantFrom('buy' as const, 'sell' as const, 'sell_short' as const),
  orderType: fc.constantFrom(
    'market' as const,
    'limit' as const,
    'stop' as const,
    'stop_limit' as const,
    'trailing_stop' as const,
    'market_on_close' as const,
  ),
  timeInForce: fc.constantFrom('day' as const, 'gtc' as const, 'ioc' as const, 'fok' as const),
  at: cents,
  beyond: fc.nat(300),
  trail: fc.integer({ min: 1, max: 500 }),
  exits: fc.constantFrom('none' as const, 'both' as const, 'stop' as const),
});
type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
type OrderStep = Of<typeof orderOf>;

const stepOf = fc.oneof(
  { weight: 4, arbitrary: orderOf },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('quote' as const),
      at: cents,
      width: fc.nat(4),
      shares,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('bar' as const),
      open: cents,
      close: cents,
      up: fc.nat(300),
      down: fc.nat(300),
      volume: fc.nat(4_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'replace' as const),
      order: fc.nat(20),
      at: cents,
      shares,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconcile' as const) }) },
);
type Step = Of<typeof stepOf>;

const intentOf = (step: OrderStep): Partial<OrderIntent> & { readonly shares: number } => {
  const buys = step.side === 'buy';
  const waits = step.orderType === 'stop' || step.orderType === 'stop_limit';
  const hasLimit = step.orderType === 'limit' || step.orderType === 'stop_limit';
  const plain = step.orderType === 'market' || step.orderType === 'limit';
  const limit =
    step.orderType === 'stop_limit' ? step.at + (buys ? step.beyond : -step.beyond) : step.at;
  const exit = (offset: number) => dollars((buys ? offset : -offset) + step.at);
  return {
    shares: step.shares,
    side: step.side,
    orderType: step.orderType,
    limitPrice: hasLimit ? dollars(limit) : null,
    timeInForce:
      step.orderType === 'market_on_close'
        ? 'cls'
        : plain || step.timeInForce === 'gtc'
          ? step.timeInForce
          : 'day',
    ...(waits && { triggerPrice: dollars(step.at) }),
    ...(step.orderType === 'trailing_stop' && {
      trail: { amount: price.of((step.trail / 100).toFixed(2)), bps: null },
    }),
    ...(step.exits !== 'none' &&
      step.side !== 'sell' && {
        exits: { takeProfit: step.exits === 'both' ? exit(900) : null, stopLoss: exit(-900) },
      }),
  };
};

const faults = {
  rejectBps: 300,
  timeoutBps: 300,
  duplicateFillBps: 1_000,
  lateFillBps: 3_000,
  disconnectBps: 300,
};
const limits = {
  order: marginLimits.order,
  maxPositionBps: 2_000,
  maxGrossExposureBps: 4_000,
  maxTradeRiskBps: 100_000,
  maxDailyDrawdownBps: 100_000,
  maxWeeklyDrawdownBps: 100_000,
};

/** A day of orders, quotes, bars, cancels and faults, a minute apart; a bar comes when it is complete. */
const lived = (steps: readonly Step[], seed: number) => {
  const day = tradingDay({ venue: { seed, slippageBps: 5, faults }, limits });
  const placed: OrderId[] = [];
  let denied = 0;
  steps.forEach((step, n) => {
    const second = n * 60;
    switch (step.kind) {
      case 'order':
        try {
          placed.push(day.place(intentOf(step), second, { prices: '99.99/100.01' }));
        } catch {
          denied += 1;
        }
        return;
      case 'quote':
        day.quote(
          `${price.format(dollars(step.at))}/${price.format(dollars(step.at + step.width))}`,
          second,
          { shares: step.shares },
        );
        return;
      case 'bar': {
        const high = Math.max(step.open, step.close) + step.up;
        const low = Math.min(step.open, step.close) - step.down;
        const prices = [step.open, high, low, step.close].map((each) =>
          price.format(dollars(each)),
        );
        day.bar(prices.join(' '), n - 1, step.volume);
        return;
      }
      case 'cancel':
      case 'replace': {
        const order = placed[step.order];
        const working = order === undefined ? undefined : day.session().working.get(order);
        if (order === undefined || working === undefined) return;
        if (step.kind === 'cancel') day.cancel(order, second);
        else if (
          (working.status === 'accepted' || working.status === 'partially_filled') &&
          quantity.fromShares(step.shares) > working.cumulativeQuantity &&
          working.intent.exits === undefined
        )
          day.replace(order, { quantity: quantity.fromShares(step.shares) }, second);
        return;
      }
      case 'reconcile':
        day.reconcile();
    }
  });
  return { day, placed, denied };
};

const anyDay = fc.tuple(fc.array(stepOf, { maxLength: 40, size: 'max' }), fc.nat(1_000));
const holds = (check: (run: ReturnType<typeof lived>) => void) =>
  fc.assert(
    fc.property(anyDay, ([steps, seed]) => check(lived(steps, seed))),
    { numRuns: propertyRuns(300) },
  );

const fillsOf = ({ day }: ReturnType<typeof lived>) =>
  day.events.flatMap((event, n) =>
    event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled'
      ? [{ data: event.data, before: day.events.slice(0, n) }]
      : [],
  );

describe('any day, with every order type and every fault', () => {
  test('meets what it is meant to meet', () => {
    const seen = new Map<string, number>();
    for (const [steps, seed] of fc.sample(anyDay, { numRuns: 200, seed: 1 }))
      for (const { type } of lived(steps, seed).day.events)
        seen.set(type, (seen.get(type) ?? 0) + 1);
    for (const type of [
      'OrderFilled',
      'OrderPartiallyFilled',
      'OrderTriggered',
      'OrderStopMoved',
      'OrderReplaced',
      'OrderCanceled',
      'OrderRejected',
      'OrderOutcomeUnknown',
    ])
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(10);
  });

  test('conserves cash and positions', () => {
    holds(({ day }) => {
      const session = day.session();
      const cost = money.add(...[...session.positions.values()].map((position) => position.cost));
      const brought = money.add(money.of('1000000'), session.realizedPnl);
      expect(money.add(session.cash, cost)).toBe(money.subtract(brought, session.fees));
      const traded = fillsOf({ day, placed: [], denied: 0 }).reduce(
        (sum, { data }) => sum + (data.side === 'buy' ? data.lastQuantity : -data.lastQuantity),
        0n,
      );
      expect(session.positions.get(nvda)?.quantity ?? 0n).toBe(traded);
    });
  });

  test('fills no more than the quantity, and what is filled and what is left make it up', () => {
    holds((run) => {
      for (const { data } of fillsOf(run)) {
        expect(data.lastQuantity > 0n && data.leavesQuantity >= 0n).toBe(true);
      }
      for (const order of workingInTurn(run.day.session())) {
        expect(order.cumulativeQuantity + order.leavesQuantity).toBe(order.intent.quantity);
      }
    });
  });

  test('fills nothing outside of its bar, nothing better than its quote, and nothing without volume', () => {
    holds((run) => {
      for (const { data } of fillsOf(run)) {
        const { bar, quote, lastPrice, side } = data;
        if (bar !== null) {
          expect(lastPrice >= bar.low && lastPrice <= bar.high).toBe(true);
          expect(bar.volume * 1_000n >= data.lastQuantity * 10_000n).toBe(true);
        }
        if (quote !== null)
          expect(side === 'buy' ? lastPrice >= quote.ask : lastPrice <= quote.bid).toBe(true);
      }
    });
  });

  test('fills a limit no worse than its price, and a stop no better than its trigger as it is reached', () => {
    holds((run) => {
      for (const { data, before } of fillsOf(run)) {
        const { terms, stopAt } = termsBefore(before, data);
        const buys = data.side === 'buy';
        if (terms.limitPrice !== null)
          expect(
            buys ? data.lastPrice <= terms.limitPrice : data.lastPrice >= terms.limitPrice,
          ).toBe(true);
        if (stopAt !== undefined)
          expect(buys ? data.lastPrice >= stopAt : data.lastPrice <= stopAt).toBe(true);
      }
    });
  });

  test('gives the same state when its events are folded again', () => {
    holds(({ day }) => {
      const again = fold(sessionDecider(testDigest), day.events) as Session;
      const plain = (of: Session) => [
        of.cash,
        [...of.positions.values()],
        workingInTurn(of),
        of.realizedPnl,
        of.fees,
        of.lastAt,
      ];
      expect(plain(again)).toEqual(plain(day.session()));
    });
  });

  test('goes on from a snapshot of any moment as if it had never been away', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, fc.nat(200), async ([steps, seed], when) => {
        const { day } = lived(steps, seed);
        const { initialState, evolve } = sessionDecider(testDigest);
        const cut = when % (day.events.length + 1);
        const kept = await keptAsSnapshot(day.events.slice(0, cut).reduce(evolve, initialState));
        const went = day.events.slice(cut).reduce(evolve, kept);
        expect(plainState(went)).toEqual(plainState(day.session()));
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  test('approves no order that opens risk beyond a hard limit, with all that works counted', () => {
    holds(({ day }) => {
      day.events.forEach((event, n) => {
        const next = day.events[n + 1];
        if (event.type !== 'RiskAssessed' || event.data.reducing) return;
        if (next?.type !== 'OrderSubmitted' && next?.type !== 'OrderPendingReplace') return;
        const before = fold(sessionDecider(testDigest), day.events.slice(0, n)) as Session;
        const mark = price.of('100');
        const held = before.positions.get(nvda)?.quantity ?? quantity.zero;
        const reserved = workingInTurn(before)
          .filter(({ orderId }) => orderId !== event.data.replaces)
          .reduce((sum, order) => sum + order.reservedCash, 0n);
        const value = notional(mark, quantity.absolute(held), 'up');
        const equity = before.cash + notional(mark, held, 'half-even');
        const after = value + reserved + next.data.reservedCash;
        expect(after * 10_000n <= equity * 2_000n).toBe(true);
      });
    });
  });

  test('never turns a long position short by an order, nor a short one long, but for late fills', () => {
    holds((run) => {
      let held = 0n;
      const ended = new Set<string>();
      for (const event of run.day.events) {
        if (event.type === 'OrderCanceled' || event.type === 'OrderExpired')
          ended.add(event.data.orderId);
        if (event.type !== 'OrderFilled' && event.type !== 'OrderPartiallyFilled') continue;
        if (ended.has(event.data.orderId)) return;
        const next = held + (event.data.side === 'buy' ? 1n : -1n) * event.data.lastQuantity;
        expect(held * next >= 0n).toBe(true);
        held = next;
      }
    });
  });

  test('is the same day for the same seed, event by event', () => {
    fc.assert(
      fc.property(anyDay, ([steps, seed]) => {
        expect(lived(steps, seed).day.events).toEqual(lived(steps, seed).day.events);
      }),
      { numRuns: propertyRuns(100) },
    );
  });
});

/** The terms that an order had when a fill came, and where its stop stood if that was reached with it. */
const termsBefore = (
  before: ReturnType<typeof tradingDay>['events'],
  { orderId, bar, at }: ReturnType<typeof fillsOf>[number]['data'],
): { readonly terms: OrderIntent; readonly stopAt: Price | undefined } => {
  let terms: OrderIntent | undefined;
  let stopAt: Price | undefined;
  const isOf = (data: { readonly bar: Temporal.Instant | null; readonly at: Temporal.Instant }) =>
    bar === null ? data.at.equals(at) : data.bar?.equals(bar.start) === true;
  for (const event of before) {
    if (!('orderId' in event.data) || event.data.orderId !== orderId) continue;
    if (event.type === 'OrderSubmitted' || event.type === 'OrderReplaced')
      terms = event.data.intent;
    if (event.type === 'OrderTriggered' && isOf(event.data)) stopAt = event.data.stopAt;
  }
  if (terms === undefined) throw new Error('a fill of an order that was never submitted');
  return { terms, stopAt };
};

import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { MarketBar } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { isQuiet, quietOfAll, stepsPerTrail, venueReports } from './index.ts';
import { said } from './test-bars.ts';
import { look, open, orderOf, quoteAt, submittedAt } from './test-look.ts';

const at = price.of;
const begins = submittedAt.add({ minutes: 1 });

const barOf = (low: string, high: string): MarketBar => ({
  ...{ symbol: orderOf({}).intent.symbol, timeframe: '1Min', volume: quantity.of('1000000') },
  ...{ open: at(low), high: at(high), low: at(low), close: at(high) },
  ...{ start: begins, end: begins.add({ minutes: 1 }) },
  source: 'mock',
});

const sell: Partial<OrderIntent> = { side: 'sell' };
const stop = { orderType: 'stop', triggerPrice: at('90') } as const;
const trailing = (trail: OrderIntent['trail']): Partial<OrderIntent> => ({
  ...{ orderType: 'trailing_stop', trail },
});

/** Whether the bar from 99 to 101 says nothing of an order, reckoned beforehand. */
const sleeps = (intent: Partial<OrderIntent>, rest: Partial<WorkingOrder> = {}): boolean =>
  isQuiet(barOf('99', '101'), quietOfAll([orderOf(intent, rest)], stepsPerTrail.onBars));

describe('an order that rests away from the market', () => {
  test.each<[string, Partial<OrderIntent>, Partial<WorkingOrder>?]>([
    ['a limit to buy', { limitPrice: at('98') }],
    ['a limit to sell', { ...sell, limitPrice: at('102') }],
    ['one that is filled in part', { limitPrice: at('98') }, { status: 'partially_filled' }],
    ['one that is good till canceled', { limitPrice: at('98'), timeInForce: 'gtc' }],
    ['a stop to sell', { ...sell, ...stop }],
    ['a stop to buy', { ...stop, triggerPrice: at('110') }],
    [
      'a stop-limit that was triggered',
      { ...sell, orderType: 'stop_limit', triggerPrice: at('105'), limitPrice: at('104') },
      { status: 'triggered', stopAt: at('105'), triggeredAt: submittedAt },
    ],
    [
      'a trailing stop to sell whose best price is not passed',
      { ...sell, ...trailing({ amount: at('10'), bps: null }) },
      { stopAt: at('92') },
    ],
    [
      'a trailing stop to sell by a share',
      { ...sell, ...trailing({ amount: null, bps: 1_000 }) },
      { stopAt: at('92') },
    ],
    ['a trailing stop to buy', trailing({ amount: at('10'), bps: null }), { stopAt: at('108') }],
    [
      'a trailing stop to buy by a share',
      trailing({ amount: null, bps: 1_000 }),
      { stopAt: at('108') },
    ],
    [
      'a trailing stop to sell that would move less than a step',
      { ...sell, ...trailing({ amount: at('10'), bps: null }) },
      { stopAt: at('90.95') },
    ],
    [
      'a trailing stop to sell by a share that would move less than a step',
      { ...sell, ...trailing({ amount: null, bps: 1_000 }) },
      { stopAt: at('90.85') },
    ],
    [
      'a trailing stop to buy that would move less than a step',
      trailing({ amount: at('10'), bps: null }),
      { stopAt: at('109.05') },
    ],
  ])('%s is not looked at', (_what, intent, rest) => {
    expect(sleeps(intent, rest)).toBe(true);
  });
});

describe('what is told of an order in a while', () => {
  test('wakes it: two prices decide, and the end of ninety days', () => {
    expect(sleeps({ limitPrice: at('99') })).toBe(false);
    expect(sleeps({ ...sell, limitPrice: at('101') })).toBe(false);
    const ninetyDays = begins.subtract({ hours: 24 * 90 });
    const old = { limitPrice: at('98'), timeInForce: 'gtc' } as const;
    expect(sleeps(old, { submittedAt: ninetyDays })).toBe(false);
    expect(sleeps(old, { submittedAt: ninetyDays.add({ milliseconds: 1 }) })).toBe(true);
    const [over, young] = [orderOf(old, { submittedAt: ninetyDays }), orderOf(old)];
    for (const orders of [
      [over, young],
      [young, over],
    ])
      expect(isQuiet(barOf('99', '101'), quietOfAll(orders, stepsPerTrail.onBars))).toBe(false);
  });

  test('of several wakes all', () => {
    const [near, far] = [orderOf({ limitPrice: at('99') }), orderOf({ limitPrice: at('98') })];
    const high = orderOf({ ...sell, limitPrice: at('101') });
    for (const orders of [
      [near, far],
      [far, near],
      [far, high],
      [high, far],
    ])
      expect(isQuiet(barOf('99', '101'), quietOfAll(orders, stepsPerTrail.onBars))).toBe(false);
  });
});

describe('whatever is not looked at', () => {
  const cents = fc.integer({ min: 9_000, max: 11_000 }).map((n) => at(`${n / 100}`) as Price);
  const trails = fc.oneof(
    fc.integer({ min: 1, max: 900 }).map((n) => ({ amount: at(`${n / 100}`), bps: null })),
    fc.integer({ min: 1, max: 900 }).map((bps) => ({ amount: null, bps })),
  );
  const types = fc.constantFrom('market', 'limit', 'stop', 'stop_limit', 'trailing_stop');
  const intents = fc
    .record({ type: types, limit: cents, trigger: cents, trail: trails })
    .map(({ type, limit, trigger, trail }) => ({
      orderType: type,
      ...(type.includes('limit') && { limitPrice: limit }),
      ...((type === 'stop' || type === 'stop_limit') && { triggerPrice: trigger }),
      ...(type === 'trailing_stop' && { trail }),
    }));
  const orders = fc
    .record({
      intent: intents,
      side: fc.constantFrom('buy', 'sell'),
      timeInForce: fc.constantFrom('day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
      status: fc.constantFrom('submitted', 'accepted', 'partially_filled', 'triggered'),
      stopAt: cents,
      isOld: fc.boolean(),
    })
    .map(({ intent, side, timeInForce, status, stopAt, isOld }) =>
      orderOf(
        { ...intent, side, timeInForce },
        {
          status,
          ...(intent.orderType === 'trailing_stop' && { stopAt }),
          ...(status === 'triggered' && { triggeredAt: submittedAt }),
          ...(isOld && { submittedAt: submittedAt.subtract({ hours: 24 * 90 }) }),
        },
      ),
    );
  const ranges = fc
    .tuple(cents, cents)
    .map(([a, b]) => (a < b ? [a, b] : [b, a]) as [Price, Price]);

  test('says nothing on bars', () => {
    fc.assert(
      fc.property(orders, ranges, (order, [low, high]) => {
        const bar = { ...barOf('99', '101'), low, high, open: low, close: high };
        if (!isQuiet(bar, quietOfAll([order], stepsPerTrail.onBars))) return;
        const available = quantity.of('100');
        expect(said(order, bar, { available })).toEqual([]);
      }),
      { numRuns: propertyRuns(3_000) },
    );
  });

  test('says nothing on quotes', () => {
    fc.assert(
      fc.property(orders, ranges, (order, [bid, ask]) => {
        const quote = { ...quoteAt(begins), bid, ask, last: bid };
        const moment = { low: bid, high: ask, start: begins };
        if (!isQuiet(moment, quietOfAll([order], stepsPerTrail.onQuotes))) return;
        expect(venueReports(look({ order, quote, session: open }))).toEqual([]);
      }),
      { numRuns: propertyRuns(3_000) },
    );
  });
});

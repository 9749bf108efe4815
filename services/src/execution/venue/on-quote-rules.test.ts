import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type Price, price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketSession } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { dueAt, venueReports } from './index.ts';
import {
  fillIn,
  fillsOf,
  follow,
  later,
  look,
  open,
  orderOf,
  quoteAt,
  submittedAt,
  terms,
  types,
} from './test-look.ts';

describe('a market order', () => {
  test('fills at the far side, worsened by slippage and brought to the grid against it', () => {
    // Half to one and a half of 5 basis points of 120.01 are 3 to 9 cents, and the grid adds one.
    const bought = fillIn({});
    expect(bought.price).toBeGreaterThanOrEqual(price.of('120.05'));
    expect(bought.price).toBeLessThanOrEqual(price.of('120.11'));
    const sold = fillIn({ order: orderOf({ side: 'sell' }) });
    expect(sold.price).toBeGreaterThanOrEqual(price.of('119.89'));
    expect(sold.price).toBeLessThanOrEqual(price.of('119.96'));
  });

  test('is brought to the grid against it when the quote is off the grid', () => {
    const still = { ...terms, slippageBps: 0 };
    const quote = quoteAt(later(1_000), { bid: price.of('119.985'), ask: price.of('120.015') });
    expect(fillIn({ quote, terms: still }).price).toBe(price.of('120.02'));
    const order = orderOf({ side: 'sell' });
    expect(fillIn({ order, quote, terms: still }).price).toBe(price.of('119.98'));
  });

  test('draws its slippage afresh for every fill', () => {
    const order = orderOf({ quantity: quantity.of('5000') }, { status: 'submitted' });
    const quotes = Array.from({ length: 5 }, (_, n) => quoteAt(later(100 + n)));
    const { reports } = follow(order, quotes);
    // All reach deeper than five displayed sizes, so that nothing but the draw tells them apart.
    expect(new Set(fillsOf(reports).map((fill) => fill.price)).size).toBeGreaterThan(3);
  });

  test('D25: pays no slippage where none is configured, and more where more is', () => {
    const paid = (slippageBps: number) => fillIn({ terms: { ...terms, slippageBps } }).price;
    expect(paid(0)).toBe(price.of('120.01'));
    expect(paid(50)).toBeGreaterThan(paid(5));
  });

  test('pays more the deeper it reaches, up to five displayed sizes', () => {
    const wide = { ...terms, slippageBps: 20 };
    const paid = (shares: string) =>
      fillIn({ order: orderOf({ quantity: quantity.of(shares) }), terms: wide }).price;
    expect(paid('1')).toBe(paid('500'));
    expect(paid('1000')).toBeGreaterThan(paid('500'));
    expect(paid('2000')).toBeGreaterThan(paid('1000'));
    expect(paid('1000000')).toBe(paid('2500'));
  });

  test('D22: its remainder fills on later quotes, never twice on one', () => {
    const order = orderOf({ quantity: quantity.of('1200.5') }, { status: 'submitted' });
    const quotes = [100, 100, 100, 200, 300, 400].map((ms) => quoteAt(later(ms)));
    const { reports, order: end } = follow(order, quotes);
    expect(fillsOf(reports).map((fill) => quantity.format(fill.quantity))).toEqual([
      '500',
      '500',
      '200.5',
    ]);
    expect(end.status).toBe('filled');
  });

  test.each([
    ['nothing is displayed', { askSize: quantity.zero }],
    ['the market is crossed', { bid: price.of('120.02') }],
    ['nobody bids', { bid: 0n as Price }],
    ['nobody offers', { ask: 0n as Price }],
  ])('waits while %s', (_, rest) => {
    expect(venueReports(look({ quote: quoteAt(later(1_000), rest) }))).toEqual([]);
  });

  test('sells a share of a sub-penny stock for something', () => {
    const quote = quoteAt(later(1_000), { bid: price.of('0.0001'), ask: price.of('0.0002') });
    const order = orderOf({ side: 'sell' });
    expect(fillIn({ order, quote, terms: { ...terms, slippageBps: 9_000 } }).price).toBe(
      price.of('0.0001'),
    );
  });
});

describe('D18: a limit order', () => {
  test('to buy at 100 fills at 100 when the ask is there, not at 100.05', () => {
    const order = orderOf({ limitPrice: price.of('100') });
    const quote = quoteAt(later(1_000), { bid: price.of('99.99'), ask: price.of('100') });
    expect(fillIn({ order, quote }).price).toBe(price.of('100'));
  });

  test('that is off the price grid is rejected by the venue', () => {
    const order = orderOf({ limitPrice: price.of('100.001') }, { status: 'submitted' });
    const [report, ...more] = venueReports(look({ order }));
    expect(report).toEqual({
      type: 'rejected',
      reason: 'The limit price 100.001 is off the price grid.',
      at: dueAt(order, terms),
    });
    expect(more).toEqual([]);
  });
});

describe('a session', () => {
  const closed: MarketSession = { ...open, state: 'closed' };

  test('that is closed lets an order in but fills nothing', () => {
    const order = orderOf({}, { status: 'submitted' });
    expect(types(venueReports(look({ order, session: closed })))).toEqual(['accepted']);
    expect(venueReports(look({ session: closed }))).toEqual([]);
  });

  test('fills nothing on a quote from before it opened', () => {
    const opensAt = later(2_000);
    expect(venueReports(look({ session: { ...open, opensAt } }))).toEqual([]);
    expect(
      types(venueReports(look({ session: { ...open, opensAt }, quote: quoteAt(opensAt) }))),
    ).toEqual(['fill']);
  });

  test('of a later date ends a day order, and one to come does not', () => {
    const session = { ...open, opensAt: null, closesAt: null };
    const on = (day: string) =>
      venueReports(look({ session: { ...session, date: day as TradingDate } }));
    expect(types(on('2026-11-24'))).toEqual(['expired']);
    expect(types(on('2026-11-23'))).toEqual(['fill']);
    expect(types(on('2026-11-20'))).toEqual(['fill']);
  });

  test('placed for after the weekend is waited for: the order belongs to its trading date', () => {
    const placed = Temporal.Instant.from('2026-11-21T18:00:00Z');
    const order = orderOf({}, { submittedAt: placed });
    const early = look({ order, session: closed, quote: quoteAt(placed.add({ hours: 1 })) });
    expect(venueReports(early)).toEqual([]);
    expect(types(venueReports(look({ order })))).toEqual(['fill']);
  });

  test('after another carries a gtc order for 90 days', () => {
    const order = orderOf({ timeInForce: 'gtc' });
    const after = (hours: number) => {
      const quote = quoteAt(submittedAt.add({ hours }));
      const session = { ...open, opensAt: null, closesAt: null, date: '2027-02-21' as TradingDate };
      return types(venueReports(look({ order, quote, session })));
    };
    expect(after(90 * 24 - 1)).toEqual(['fill']);
    expect(after(90 * 24)).toEqual(['expired']);
  });
});

describe('a pending cancel', () => {
  const cancelRequestedAt = later(1_000);
  const pending = (rest: Partial<WorkingOrder> = {}) =>
    orderOf(
      { quantity: quantity.of('800') },
      { status: 'pending_cancel', statusBefore: 'accepted', cancelRequestedAt, ...rest },
    );
  const heardAt = (milliseconds: number, order: WorkingOrder = pending()) =>
    types(venueReports(look({ order, quote: quoteAt(later(milliseconds)) })));

  test('loses to a fill from before it arrives, and ends what is left', () => {
    expect(heardAt(1_039)).toEqual(['fill']);
    expect(heardAt(1_061)).toEqual(['canceled']);
  });

  test('is granted while the exchange is closed', () => {
    const session = { ...open, state: 'closed' as const };
    const quote = quoteAt(later(1_061));
    expect(types(venueReports(look({ order: pending(), session, quote })))).toEqual(['canceled']);
  });

  test('of an order that was never answered follows its acceptance', () => {
    expect(heardAt(1_061, pending({ statusBefore: 'submitted' }))).toEqual([
      'accepted',
      'canceled',
    ]);
  });

  test('does not arrive before its order', () => {
    const order = pending({
      statusBefore: 'submitted',
      submittedAt: later(999),
      cancelRequestedAt: later(999),
    });
    const due = dueAt(order, terms);
    const before = quoteAt(due.subtract({ nanoseconds: 1 }));
    expect(venueReports(look({ order, quote: before }))).toEqual([]);
    expect(venueReports(look({ order, quote: quoteAt(due) }))[0]?.type).toBe('accepted');
  });
});

describe('an order that is not working', () => {
  test.each(['initialized', 'denied', 'rejected', 'filled', 'canceled', 'expired'] as const)(
    'hears nothing: %s',
    (status) => {
      expect(venueReports(look({ order: orderOf({}, { status }) }))).toEqual([]);
    },
  );

  test('as far as anybody knows is heard of only when the venue is asked', () => {
    const order = orderOf({}, { status: 'unknown' });
    expect(venueReports(look({ order }))).toEqual([]);
  });
});

describe('an order for the opening', () => {
  const opensAt = later(30 * 60_000);
  const before: MarketSession = { ...open, state: 'closed', opensAt };
  const order = orderOf(
    { orderType: 'market_on_open', timeInForce: 'opg', quantity: quantity.of('700') },
    { status: 'submitted' },
  );

  test('waits for it, trades at the first quote after it, and leaves nothing working', () => {
    expect(types(venueReports(look({ order, session: before })))).toEqual(['accepted']);
    const accepted = { ...order, status: 'accepted' } as const;
    const quote = quoteAt(opensAt.add({ seconds: 1 }));
    const session = { ...before, state: 'open' } as const;
    const reports = venueReports(look({ order: accepted, quote, session }));
    expect(types(reports)).toEqual(['fill', 'canceled']);
    expect(fillsOf(reports).map((fill) => quantity.format(fill.quantity))).toEqual(['500']);
  });

  test('that came after today’s waits for the next one, and ends with nothing else', () => {
    expect(types(venueReports(look({ order })))).toEqual(['accepted']);
    const accepted = { ...order, status: 'accepted' } as const;
    const closesAt = open.closesAt as Temporal.Instant;
    expect(venueReports(look({ order: accepted, quote: quoteAt(closesAt) }))).toEqual([]);
    const session = { ...open, date: '2026-11-24' as TradingDate };
    const tomorrow = { ...session, opensAt: later(86_400_000), closesAt: later(2 * 86_400_000) };
    const [tradingDate, quote] = [session.date, quoteAt(later(86_400_000))];
    const opening = look({ order: accepted, session: tomorrow, tradingDate, quote });
    expect(types(venueReports(opening))).toEqual(['fill', 'canceled']);
  });

  test('is refused where the market never closes', () => {
    const always: MarketSession = { ...open, opensAt: null, closesAt: null };
    expect(types(venueReports(look({ order, session: always })))).toEqual(['rejected']);
  });
});

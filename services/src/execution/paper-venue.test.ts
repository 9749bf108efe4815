import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import {
  type DecisionId,
  money,
  type OrderId,
  type Price,
  price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketSession, Quote, Ticker } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextStatus } from './order-states.ts';
import { dueAt, type VenueLook, type VenueReport, venueReports } from './paper-venue.ts';

const symbol = 'NVDA' as Ticker;
const date = '2026-11-23' as TradingDate;
const submittedAt = Temporal.Instant.from('2026-11-23T15:00:00Z');
const later = (milliseconds: number) => submittedAt.add({ milliseconds });
const terms: VenueTerms = { seed: 42, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' };
const open: MarketSession = {
  state: 'open',
  date,
  opensAt: Temporal.Instant.from('2026-11-23T14:30:00Z'),
  closesAt: Temporal.Instant.from('2026-11-23T21:00:00Z'),
  calendar: 'test',
};

const orderOf = (intent: Partial<OrderIntent>, rest: Partial<WorkingOrder> = {}): WorkingOrder => {
  const shares = intent.quantity ?? quantity.of('100');
  return {
    orderId: '00000000-0000-7000-8000-000000000001' as OrderId,
    decisionId: '00000000-0000-7000-8000-000000000002' as DecisionId,
    sequence: 1,
    status: 'accepted',
    statusBefore: null,
    cancelRequestedAt: null,
    intent: {
      symbol,
      side: 'buy',
      quantity: shares,
      orderType: intent.limitPrice ? 'limit' : 'market',
      limitPrice: null,
      stopPrice: null,
      timeInForce: 'day',
      strategyId: null,
      ...intent,
    },
    submittedAt,
    cumulativeQuantity: quantity.zero,
    leavesQuantity: shares,
    filledNotional: money.zero,
    reservedCash: money.zero,
    ...rest,
  };
};

const quoteAt = (at: Temporal.Instant, rest: Partial<Quote> = {}): Quote => ({
  symbol,
  bid: price.of('119.99'),
  bidSize: quantity.of('500'),
  ask: price.of('120.01'),
  askSize: quantity.of('500'),
  last: price.of('120'),
  at,
  source: 'mock',
  ...rest,
});

const look = (rest: Partial<VenueLook> = {}): VenueLook => ({
  order: orderOf({}),
  quote: quoteAt(later(1_000)),
  session: open,
  terms,
  tradingDate: date,
  lastLookAt: undefined,
  ...rest,
});
const types = (reports: readonly VenueReport[]) => reports.map((report) => report.type);
type FillReport = Extract<VenueReport, { type: 'fill' }>;
const fillsOf = (reports: readonly VenueReport[]) =>
  reports.filter((report): report is FillReport => report.type === 'fill');
const fillIn = (rest: Partial<VenueLook>): FillReport => {
  const [fill] = fillsOf(venueReports(look(rest)));
  if (fill === undefined) throw new Error('nothing was filled');
  return fill;
};

/** Takes an order through quote after quote, as the session would. */
const follow = (order: WorkingOrder, quotes: readonly Quote[], rest: Partial<VenueLook> = {}) => {
  let current = order;
  let lastLookAt: Temporal.Instant | undefined;
  const all: VenueReport[] = [];
  for (const quote of quotes) {
    const reports = venueReports(look({ ...rest, order: current, quote, lastLookAt }));
    lastLookAt = quote.at;
    for (const report of reports) {
      all.push(report);
      current = taken(current, report);
    }
  }
  return { order: current, reports: all };
};

const triggerOf = (report: VenueReport, leaves: bigint) => {
  if (report.type === 'fill') return leaves === 0n ? 'OrderFilled' : 'OrderPartiallyFilled';
  const named = {
    accepted: 'OrderAccepted',
    rejected: 'OrderRejected',
    canceled: 'OrderCanceled',
    expired: 'OrderExpired',
  } as const;
  return named[report.type];
};

const taken = (order: WorkingOrder, report: VenueReport): WorkingOrder => {
  const filled = report.type === 'fill' ? report.quantity : quantity.zero;
  const leavesQuantity = quantity.subtract(order.leavesQuantity, filled);
  const status = nextStatus(order.status, order.statusBefore, triggerOf(report, leavesQuantity));
  if (status === undefined) throw new Error(`${report.type} of an order that is ${order.status}`);
  const cumulativeQuantity = quantity.add(order.cumulativeQuantity, filled);
  return { ...order, status, leavesQuantity, cumulativeQuantity };
};

const ticks = fc.bigInt(101n, 100_000n).map((cents) => (cents * 10_000n) as Price);
const sizes = fc
  .oneof(
    fc.bigInt(1n, 10n ** 12n),
    fc.bigInt(1n, 900n).map((whole) => whole * 10n ** 9n),
  )
  .map((units) => units as Quantity);
const anyQuote = fc
  .record({
    bid: ticks,
    spread: fc.bigInt(0n, 50n),
    bidSize: sizes,
    askSize: sizes,
    after: fc.integer({ min: 0, max: 3_600_000 }),
  })
  .map(({ bid, spread, bidSize, askSize, after }) =>
    quoteAt(later(after), {
      bid,
      ask: (bid + spread * 10_000n) as Price,
      bidSize,
      askSize,
      last: bid,
    }),
  );
const anyTerms = fc.record({
  seed: fc.maxSafeInteger(),
  latencyMs: fc.nat(2_000),
  slippageBps: fc.nat(300),
  feeSchedule: fc.constant('us-equity-1'),
});
const anyOrder = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: sizes,
    limitPrice: fc.option(ticks),
    timeInForce: fc.constantFrom('day' as const, 'gtc' as const),
    sequence: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ sequence, ...intent }) => orderOf(intent, { sequence, status: 'submitted' }));
const anyQuotes = fc
  .array(anyQuote, { minLength: 1, maxLength: 25 })
  .map((quotes) => quotes.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at)));
const runs = { numRuns: 1_500 };

describe('whatever the market does', () => {
  test('an order fills by no more than it asked for, once a quote and within its size', () => {
    fc.assert(
      fc.property(anyOrder, anyQuotes, anyTerms, (order, quotes, someTerms) => {
        const { reports, order: end } = follow(order, quotes, { terms: someTerms });
        const fills = fillsOf(reports);
        const total = fills.reduce((sum, fill) => sum + fill.quantity, 0n);
        expect(total + end.leavesQuantity).toBe(order.intent.quantity);
        expect(end.leavesQuantity).toBeGreaterThanOrEqual(0n);
        const times = fills.map((fill) => fill.at.epochNanoseconds);
        expect(new Set(times).size).toBe(times.length);
        for (const fill of fills) {
          expect(fill.quantity).toBeGreaterThan(0n);
          const shown = quotes
            .filter((quote) => quote.at.equals(fill.at))
            .map((quote) => (order.intent.side === 'buy' ? quote.askSize : quote.bidSize));
          expect(shown.some((size) => fill.quantity <= size)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('D18: no fill is worse than its limit or better than the far side', () => {
    fc.assert(
      fc.property(anyOrder, anyQuote, anyTerms, (order, quote, someTerms) => {
        const reports = venueReports(look({ order, quote, terms: someTerms }));
        for (const fill of fillsOf(reports)) {
          const { side, limitPrice } = order.intent;
          if (side === 'buy') {
            expect(fill.price).toBeGreaterThanOrEqual(quote.ask);
            if (limitPrice !== null) expect(fill.price).toBeLessThanOrEqual(limitPrice);
          } else {
            expect(fill.price).toBeLessThanOrEqual(quote.bid);
            expect(fill.price).toBeGreaterThan(0n);
            if (limitPrice !== null) expect(fill.price).toBeGreaterThanOrEqual(limitPrice);
          }
          expect(price.isOnTick(fill.price)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('a limit that the market has reached fills, and one that it has not does not', () => {
    fc.assert(
      fc.property(anyOrder, anyQuote, (order, quote) => {
        const { side, limitPrice } = order.intent;
        fc.pre(!(quote.at.epochNanoseconds < dueAt(order, terms).epochNanoseconds));
        const reached =
          limitPrice === null ||
          (side === 'buy' ? quote.ask <= limitPrice : quote.bid >= limitPrice);
        expect(types(venueReports(look({ order, quote })))).toEqual(
          reached ? ['accepted', 'fill'] : ['accepted'],
        );
      }),
      runs,
    );
  });

  test('D24: the same order, quote and seed give the same reports, whatever the ids', () => {
    fc.assert(
      fc.property(anyOrder, anyQuotes, fc.tuple(anyTerms, fc.uuid()), (order, quotes, drawn) => {
        const [someTerms, id] = drawn;
        const other = { ...order, orderId: id as OrderId, decisionId: id as DecisionId };
        expect(follow(other, quotes, { terms: someTerms }).reports).toEqual(
          follow(order, quotes, { terms: someTerms }).reports,
        );
      }),
      runs,
    );
  });

  test('reports come in the order of their times and of the state machine', () => {
    fc.assert(
      fc.property(anyOrder, anyQuotes, anyTerms, (order, quotes, someTerms) => {
        const { reports } = follow(order, quotes, { terms: someTerms });
        const due = dueAt(order, someTerms);
        for (const [n, { at }] of reports.entries()) {
          const before = reports[n - 1]?.at ?? due;
          expect(Temporal.Instant.compare(before, at)).toBeLessThanOrEqual(0);
        }
        if (reports.length > 0) expect(reports[0]).toEqual({ type: 'accepted', at: due });
      }),
      runs,
    );
  });

  test('a day order never fills outside of its session, and expires at the first look after', () => {
    const closesAt = open.closesAt as Temporal.Instant;
    const anyTime = fc.integer({ min: -359, max: 4 * 24 * 60 });
    const anyState = fc.constantFrom('open' as const, 'closed' as const);
    fc.assert(
      fc.property(anyOrder, anyTime, anyState, (order, minutes, state) => {
        const quote = quoteAt(closesAt.add({ minutes }));
        const day = {
          ...order,
          intent: { ...order.intent, timeInForce: 'day' as const, limitPrice: null },
        };
        const reports = venueReports(look({ order: day, quote, session: { ...open, state } }));
        if (minutes >= 0) expect(types(reports)).toEqual(['accepted', 'expired']);
        else expect(types(reports)).toEqual(state === 'open' ? ['accepted', 'fill'] : ['accepted']);
      }),
      runs,
    );
  });
});

describe('latency', () => {
  test('D25: is the configured one give or take a fifth, and nothing is said before', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 1, max: 10_000 }), (someTerms, sequence) => {
        const order = orderOf({}, { sequence, status: 'submitted' });
        const due = dueAt(order, someTerms);
        const micros = Number((due.epochNanoseconds - submittedAt.epochNanoseconds) / 1_000n);
        expect(micros).toBeGreaterThanOrEqual(someTerms.latencyMs * 800);
        expect(micros).toBeLessThanOrEqual(someTerms.latencyMs * 1_200);
        const early = quoteAt(due.subtract({ nanoseconds: 1 }));
        expect(venueReports(look({ order, quote: early, terms: someTerms }))).toEqual([]);
        const inTime = venueReports(look({ order, quote: quoteAt(due), terms: someTerms }));
        expect(types(inTime)).toEqual(['accepted', 'fill']);
      }),
      runs,
    );
  });

  test('differs from order to order', () => {
    const dues = Array.from({ length: 50 }, (_, n) => dueAt(orderOf({}, { sequence: n }), terms));
    expect(new Set(dues.map((due) => due.toString())).size).toBeGreaterThan(45);
  });
});

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

  test('as far as anybody knows is resolved by the venue', () => {
    const order = orderOf({}, { status: 'unknown' });
    expect(types(venueReports(look({ order, session: { ...open, state: 'closed' } })))).toEqual([
      'accepted',
    ]);
  });
});

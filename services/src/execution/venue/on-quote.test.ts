import {
  type DecisionId,
  type OrderId,
  type Price,
  price,
  type Quantity,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { dueAt, venueReports } from './index.ts';
import {
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
const runs = { numRuns: propertyRuns(1_500) };

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

import type { VenueReport } from '@sentinel/contracts/execution';
import { type Digest, money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { buy, noon, nvda } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { markedSymbols, meetBar, sessionDecider, workingInTurn } from './index.ts';
import { barOf, exchange, tradingDay } from './test-day.ts';

const after = (second: number) => noon.add({ milliseconds: second * 1000 });
const about = (orderId: OrderId | null, second: number) => ({
  orderId,
  venueOrderId: 'venue-1',
  at: after(second),
});
const cents = (value: number) => price.of((value / 100).toFixed(2));

const trade = (
  orderId: OrderId | null,
  id: string,
  { shares, at, second }: { readonly shares: number; readonly at: number; readonly second: number },
): VenueReport => ({
  ...about(orderId, second),
  execType: 'trade',
  venueExecutionId: id,
  quantity: quantity.fromShares(shares),
  price: cents(at),
});
const bust = (orderId: OrderId, busts: string, second: number): VenueReport => ({
  ...about(orderId, second),
  execType: 'trade_cancel',
  venueExecutionId: `bust of ${busts}`,
  busts,
  reason: 'clearly erroneous',
});
const correct = (
  orderId: OrderId,
  corrects: string,
  { shares, at, second }: { readonly shares: number; readonly at: number; readonly second: number },
): VenueReport => ({
  ...about(orderId, second),
  execType: 'trade_correct',
  venueExecutionId: `correction of ${corrects} ${second}`,
  corrects,
  quantity: quantity.fromShares(shares),
  price: cents(at),
});

type Day = ReturnType<typeof tradingDay>;
const take = (day: Day, ...reports: readonly VenueReport[]) =>
  day.take({ type: 'ReportVenue', reports });
const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

/** What became of each of ten executions of at most ten shares, of an order for a hundred. */
const execution = fc.record({
  shares: fc.integer({ min: 1, max: 10 }),
  at: fc.integer({ min: 9_000, max: 11_000 }),
  fate: fc.constantFrom('stands' as const, 'busted' as const, 'corrected' as const),
  corrected: fc.record({
    shares: fc.integer({ min: 1, max: 10 }),
    at: fc.integer({ min: 9_000, max: 11_000 }),
  }),
});
const said = (orderId: OrderId, executions: readonly Of<typeof execution>[]) => [
  { ...about(orderId, 1), execType: 'new' } as const,
  ...executions.map((each, n) => trade(orderId, `x${n}`, { ...each, second: 2 + n })),
  ...executions.flatMap(({ fate, corrected }, n): readonly VenueReport[] => {
    if (fate === 'busted') return [bust(orderId, `x${n}`, 100 + n)];
    if (fate === 'stands') return [];
    const first = { ...corrected, shares: 1 };
    return [
      correct(orderId, `x${n}`, { ...first, second: 100 + n }),
      correct(orderId, `x${n}`, { ...corrected, second: 200 + n }),
    ];
  }),
];
type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** A day with an order for a hundred shares, to sell from a thousand that are held or to buy. */
const ordered = (side: 'buy' | 'sell') => {
  const day = tradingDay();
  day.place({ shares: 1_000 });
  day.quote('100/100', 1);
  const order = day.place({ shares: 100, side, orderType: 'limit', limitPrice: cents(10_000) }, 2);
  return { day, order };
};

const booksOf = ({ day, order }: ReturnType<typeof ordered>) => {
  const session = day.session();
  const record = session.orders.get(order);
  return {
    cash: money.format(session.cash),
    fees: money.format(session.fees),
    held: day.held(),
    filled: day.filled(order),
    executions: record?.executions
      .map((each) => `${each.venueExecutionId} ${each.quantity} ${each.price} ${each.fees}`)
      .sort(),
  };
};

const conserves = ({ day }: ReturnType<typeof ordered>) => {
  const session = day.session();
  const cost = money.add(...[...session.positions.values()].map((position) => position.cost));
  const brought = money.add(money.of('1000000'), session.realizedPnl);
  expect(money.add(session.cash, cost)).toBe(money.subtract(brought, session.fees));
};

const shuffledOnes = fc
  .tuple(fc.constantFrom('buy' as const, 'sell' as const), fc.array(execution, { maxLength: 10 }))
  .chain(([side, executions]) => {
    const count = said('' as OrderId, executions).length;
    const places = fc.array(fc.nat(count - 1), { maxLength: 20 });
    const all = Array.from({ length: count }, (_, n) => n);
    return fc.record({
      side: fc.constant(side),
      executions: fc.constant(executions),
      turns: places.chain((twice) =>
        fc.shuffledSubarray([...all, ...twice], {
          minLength: count + twice.length,
          maxLength: count + twice.length,
        }),
      ),
    });
  });

describe('reports of a venue', () => {
  test('that come twice, late and in any order leave the same books as those that come in turn', () => {
    fc.assert(
      fc.property(shuffledOnes, ({ side, executions, turns }) => {
        const inTurn = ordered(side);
        take(inTurn.day, ...said(inTurn.order, executions));
        const anyhow = ordered(side);
        const reports = said(anyhow.order, executions);
        for (const n of turns) take(anyhow.day, reports[n] as VenueReport);
        conserves(inTurn);
        conserves(anyhow);
        expect(booksOf(anyhow)).toEqual(booksOf(inTurn));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test('that put nothing right stand against older ones that come after them', () => {
    const { day, order } = ordered('buy');
    const [, traded, older, newer] = said(order, [
      { shares: 10, at: 9_003, fate: 'corrected', corrected: { shares: 10, at: 9_003 } },
    ]);
    for (const report of [traded, newer, older]) take(day, report as VenueReport);
    expect(day.filled(order)).toBe('10');
  });

  test('of an order that nobody knows change nothing', () => {
    const { day, order } = ordered('buy');
    const other = '01890000-0000-7000-8000-00000000ffff' as OrderId;
    for (const report of said(order, [
      { shares: 1, at: 10_000, fate: 'corrected', corrected: { shares: 2, at: 10_000 } },
      { shares: 1, at: 10_000, fate: 'busted', corrected: { shares: 2, at: 10_000 } },
    ])) {
      expect(take(day, { ...report, orderId: other })).toEqual([]);
      expect(take(day, { ...report, orderId: null })).toEqual([]);
    }
  });

  test('that begin with a trade imply that the order was accepted', () => {
    const { day, order } = ordered('buy');
    const events = take(day, trade(order, 'x1', { shares: 10, at: 9_990, second: 3 }));
    expect(types(events)).toEqual(['OrderAccepted', 'OrderPartiallyFilled']);
    expect(take(day, { ...about(order, 2), execType: 'new' })).toEqual([]);
    expect(day.session().working.get(order)?.venueOrderId).toBe('venue-1');
  });
});

test('a trade under no id of the venue is a trade, and no word of its taking the order', () => {
  const { day, order } = ordered('buy');
  const traded = trade(order, 'x1', { shares: 40, at: 10_000, second: 3 });
  expect(types(take(day, { ...traded, venueOrderId: null }))).toEqual(['OrderPartiallyFilled']);
});

test('new terms that nobody asked for change nothing, nor those of an order that has ended', () => {
  const { day, order } = ordered('buy');
  take(day, { ...about(order, 3), execType: 'new' });
  expect(take(day, { ...about(order, 4), execType: 'replaced' })).toEqual([]);
  take(day, { ...about(order, 5), execType: 'canceled', reason: 'test' });
  expect(take(day, { ...about(order, 6), execType: 'replaced' })).toEqual([]);
});

describe('new terms that the venue has taken', () => {
  const changed = (asked: number, filled: number) => {
    const { day, order } = ordered('buy');
    take(day, { ...about(order, 3), execType: 'new' });
    day.replace(order, { quantity: quantity.fromShares(asked) }, 4);
    take(day, trade(order, 'x1', { shares: filled, at: 10_000, second: 5 }));
    const events = take(day, { ...about(order, 6), execType: 'replaced' });
    return { types: types(events), status: day.status(order), working: day.session().working.size };
  };

  test('leave what is not filled of them', () => {
    expect(changed(50, 49)).toMatchObject({ types: ['OrderReplaced'], working: 1 });
  });

  test.each([50, 51])('end an order that has filled %s of fifty shares meanwhile', (filled) => {
    const ended = { types: ['OrderCanceled'], status: 'canceled', working: 0 };
    expect(changed(50, filled)).toEqual(ended);
  });
});

test('an order that is asked to end and trades instead was accepted once', () => {
  const { day, order } = ordered('buy');
  take(day, { ...about(order, 3), execType: 'new' });
  day.cancel(order, 4);
  const events = take(day, trade(order, 'x1', { shares: 40, at: 10_000, second: 5 }));
  expect(types(events)).toEqual(['OrderPartiallyFilled']);
});

test('an order that is placed at the very moment at which an account begins anew is of the new one', () => {
  const day = tradingDay();
  const limit = { shares: 10, orderType: 'limit', limitPrice: cents(10_000) } as const;
  const old = day.place(limit);
  take(day, { ...about(old, 0), execType: 'canceled', reason: 'test' });
  const by = { givenReason: null, requestedBy: 'human:test', idempotencyKey: null };
  day.take({ type: 'ResetPaper', cash: money.of('50000'), ...by, at: after(0) });
  const order = day.place(limit);
  expect(take(day, trade(old, 'x1', { shares: 10, at: 10_000, second: 1 }))).toEqual([]);
  take(day, trade(order, 'x2', { shares: 10, at: 10_000, second: 1 }));
  expect([day.status(order), day.held()]).toEqual(['filled', '10']);
  const ended = day.place(limit, 2);
  take(day, { ...about(ended, 3), execType: 'canceled', reason: 'test' });
  take(day, trade(ended, 'x3', { shares: 10, at: 10_000, second: 4 }));
  expect([day.status(ended), day.held()]).toEqual(['filled', '20']);
});

describe('what an order met on a bar', () => {
  const bar = barOf('100 104 100 104', 1);
  const trailing = (met: object) => {
    const day = tradingDay({ venue: { bars: '1Min' } });
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 0);
    const trail = { amount: price.of('2'), bps: null };
    const order = day.place({ shares: 10, side: 'sell', orderType: 'trailing_stop', trail }, 61);
    take(day, { ...about(order, 62), execType: 'new' });
    const said = { ...about(order, 120), execType: 'restated', stopAt: price.of('102') } as const;
    const [moved] = take(day, { ...said, ...met });
    if (moved?.type !== 'OrderStopMoved') throw new Error('the stop did not move');
    return moved.data.bar;
  };

  test('is kept with the new terms that it took', () => {
    const replaced = (met: object) => {
      const day = tradingDay({ venue: { bars: '1Min' } });
      const order = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('90') });
      take(day, { ...about(order, 1), execType: 'new' });
      day.replace(order, { quantity: quantity.fromShares(9) }, 2);
      const [event] = take(day, { ...about(order, 120), execType: 'replaced', ...met });
      if (event?.type !== 'OrderReplaced') throw new Error('nothing was replaced');
      return event.data.bar;
    };
    expect(replaced({ met: { bar } })).toEqual(bar.start);
    expect(replaced({})).toBeNull();
  });

  test('is kept with it: no bar is met twice', () => {
    expect(trailing({ met: { bar } })).toEqual(bar.start);
    expect(trailing({})).toBeNull();
  });
});

describe('reports that were reckoned on the way to them', () => {
  const exits = { takeProfit: price.of('110'), stopLoss: price.of('95') };
  const reckoned = () => {
    const day = tradingDay({ venue: { bars: '1Min' } });
    const order = day.place({ shares: 10, exits });
    const bar = barOf('100 101 99 100', 1);
    const { reports } = meetBar({ bar, session: exchange }, day.session(), testDigest);
    expect(reports.length).toBeGreaterThan(0);
    return { day, order, reports };
  };

  test('stand for no others of the same session', () => {
    const { day, order } = reckoned();
    const rejected = { ...about(order, 1), execType: 'rejected', reason: 'test' } as const;
    expect(types(take(day, rejected))).toEqual(['OrderRejected']);
  });

  test('count once, however often they are taken', () => {
    const { day, reports } = reckoned();
    day.take({ type: 'ReportVenue', reports });
    expect(day.held()).toBe('10');
    expect(day.take({ type: 'ReportVenue', reports })).toEqual([]);
  });

  test('are reckoned again by another digest', () => {
    const { day, reports } = reckoned();
    const other: Digest = (text) => testDigest(`other ${text}`);
    const exitsBy = (digest: Digest) => {
      const decision = sessionDecider(digest).decide(
        { type: 'ReportVenue', reports },
        day.session(),
      );
      if (!decision.ok) throw new Error(decision.refusal.code);
      return decision.value.flatMap((event) =>
        event.type === 'OrderSubmitted' ? [event.data.orderId] : [],
      );
    };
    const byOther = exitsBy(other);
    expect(byOther).toHaveLength(2);
    expect(exitsBy(testDigest)).not.toEqual(byOther);
  });
});

describe('an execution that the venue takes back', () => {
  test('leaves a working order with as many more shares, and what it sets aside for them', () => {
    const { day, order } = ordered('buy');
    const before = day.session();
    take(day, trade(order, 'x1', { shares: 40, at: 10_000, second: 3 }));
    expect(types(take(day, bust(order, 'x1', 4)))).toEqual(['ExecutionBusted']);
    const now = day.session();
    expect([now.cash, [...now.positions.values()]]).toEqual([
      before.cash,
      [...before.positions.values()],
    ]);
    const working = now.working.get(order);
    expect(working?.leavesQuantity).toBe(quantity.fromShares(100));
    expect(working?.reservedCash).toBe(before.working.get(order)?.reservedCash);
    expect(take(day, bust(order, 'x1', 5))).toEqual([]);
  });

  test('leaves an order that was filled canceled: nothing works for the rest', () => {
    const { day, order } = ordered('buy');
    take(day, trade(order, 'x1', { shares: 100, at: 10_000, second: 3 }));
    expect(day.status(order)).toBe('filled');
    take(day, bust(order, 'x1', 4));
    expect([day.status(order), day.filled(order)]).toEqual(['canceled', '0']);
  });

  test('shrinks the exits that it had set out', () => {
    const day = tradingDay();
    const exits = { takeProfit: price.of('105'), stopLoss: price.of('95') };
    const order = day.place({ shares: 10, exits });
    take(day, trade(order, 'x1', { shares: 4, at: 10_000, second: 1 }));
    take(day, trade(order, 'x2', { shares: 6, at: 10_000, second: 2 }));
    take(day, bust(order, 'x1', 3));
    expect(day.exits(order)).toEqual(['stop_loss 6 at 95', 'take_profit 6 at 105']);
    take(day, bust(order, 'x2', 4));
    expect([day.exits(order), day.held()]).toEqual([[], '0']);
  });
});

describe('a correction', () => {
  test('moves the books from what was said to what is said now', () => {
    const { day, order } = ordered('buy');
    const before = day.session().cash;
    take(day, trade(order, 'x1', { shares: 40, at: 10_000, second: 3 }));
    const [event] = take(day, correct(order, 'x1', { shares: 30, at: 9_900, second: 4 }));
    expect(event).toMatchObject({
      type: 'ExecutionCorrected',
      data: { averagePrice: price.of('99'), leavesQuantity: quantity.fromShares(70) },
    });
    expect(money.subtract(before, day.session().cash)).toBe(money.of('2970'));
    expect(day.held()).toBe('1030');
    expect(day.session().orders.get(order)?.busted).toEqual([]);
    expect(types(take(day, bust(order, 'x1', 5)))).toEqual(['ExecutionBusted']);
    expect([day.session().cash, day.held()]).toEqual([before, '1000']);
  });

  test('to as many shares as were ordered counts, and one to more, or to none, does not', () => {
    const { day, order } = ordered('buy');
    take(day, trade(order, 'x1', { shares: 40, at: 10_000, second: 3 }));
    take(day, trade(order, 'x2', { shares: 30, at: 10_000, second: 4 }));
    const corrected = (shares: number, second: number) =>
      types(take(day, correct(order, 'x1', { shares, at: 10_000, second })));
    expect(corrected(71, 5)).toEqual([]);
    expect(corrected(0, 5)).toEqual([]);
    expect(day.filled(order)).toBe('70');
    expect(corrected(69, 5)).toEqual(['ExecutionCorrected']);
    expect([day.filled(order), day.status(order)]).toEqual(['99', 'partially_filled']);
    expect(corrected(70, 6)).toEqual(['ExecutionCorrected', 'OrderCanceled']);
    expect([day.filled(order), day.status(order)]).toEqual(['100', 'canceled']);
    expect([day.session().working.size, day.held()]).toEqual([0, '1100']);
  });

  test('of an order that has ended ends it no second time', () => {
    const { day, order } = ordered('buy');
    take(day, trade(order, 'x1', { shares: 100, at: 10_000, second: 3 }));
    const cheaper = correct(order, 'x1', { shares: 100, at: 9_900, second: 4 });
    expect(types(take(day, cheaper))).toEqual(['ExecutionCorrected']);
    expect(day.status(order)).toBe('filled');
  });

  test('of an exit that sold all that it was for leaves none working', () => {
    const day = tradingDay();
    const exits = { takeProfit: price.of('105'), stopLoss: price.of('95') };
    const parent = day.place({ shares: 10, exits });
    day.quote('100/100', 1);
    day.quote('100/100', 2);
    const stop = day.exitOf(parent, 'stop_loss');
    take(day, trade(stop, 's1', { shares: 4, at: 9_500, second: 3 }));
    take(day, correct(stop, 's1', { shares: 10, at: 9_500, second: 4 }));
    expect([day.exits(parent), day.held()]).toEqual([[], '0']);
  });

  test('that comes twice counts once, and of two at one moment the second puts the first right', () => {
    const { day, order } = ordered('buy');
    take(day, trade(order, 'x1', { shares: 40, at: 10_000, second: 3 }));
    const corrected = (shares: number, at: number) =>
      take(day, correct(order, 'x1', { shares, at, second: 4 }));
    expect(corrected(30, 9_900)).toHaveLength(1);
    expect(corrected(30, 9_900)).toEqual([]);
    expect(corrected(30, 9_800)).toHaveLength(1);
    expect(corrected(20, 9_800)).toHaveLength(1);
    const [taken] = day.session().orders.get(order)?.executions ?? [];
    expect(taken).toMatchObject({ price: price.of('98'), quantity: quantity.fromShares(20) });
  });
});

describe('an order that others placed', () => {
  const intent = buy(15, { orderType: 'limit', limitPrice: price.of('99'), timeInForce: 'gtc' });
  const told = (rest: Partial<OrderIntent> = {}): VenueReport => ({
    ...about(null, 5),
    execType: 'new',
    external: {
      intent: { ...intent, ...rest },
      submittedAt: after(1),
      cumulativeQuantity: quantity.fromShares(5),
      price: price.of('99'),
    },
  });

  test('is taken in once, works like any other, and sets aside what it may cost', () => {
    const day = tradingDay();
    expect(types(take(day, told(), told()))).toEqual(['OrderAdopted']);
    const [order] = day.session().working.values();
    expect(order).toMatchObject({ external: true, status: 'accepted', venueOrderId: 'venue-1' });
    expect(order?.reservedCash).toBe(money.of('990'));
    take(day, trade(null, 'x1', { shares: 10, at: 9_900, second: 7 }));
    expect([day.held(), day.session().working.size]).toEqual(['10', 0]);
  });

  test('is none of which nothing is left to trade, or of which the venue names no id', () => {
    const day = tradingDay();
    const known = told();
    if (known.execType !== 'new' || known.external === undefined) throw new Error('not told');
    const filled = { ...known.external, cumulativeQuantity: intent.quantity };
    expect(take(day, { ...known, external: filled })).toEqual([]);
    expect(take(day, { ...known, venueOrderId: null })).toEqual([]);
    // One that the venue names by an id of ours is none of others, though this session has never had it.
    const ours = '01890000-0000-7000-8000-00000000ffff' as OrderId;
    expect(take(day, { ...known, orderId: ours })).toEqual([]);
  });

  test('takes its turn after those that work already, and before those that come later', () => {
    const day = tradingDay();
    const limit = { shares: 1, orderType: 'limit', limitPrice: price.of('98') } as const;
    day.place(limit);
    take(day, told());
    day.place(limit, 10);
    expect(workingInTurn(day.session()).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test('counts in what we may still do', () => {
    // A limit of 1 % of a million dollars lets a hundred shares pass, and not beside 990 dollars.
    const day = tradingDay({ limits: { maxPositionBps: 100 } });
    take(day, told());
    expect(() => day.place({ shares: 95 }, 6)).toThrow('POSITION_SIZE');
    day.place({ shares: 80 }, 7);
  });

  test('is known again by the venue’s id in the next session', () => {
    const day = tradingDay();
    take(day, told());
    const closing = day
      .take({ type: 'CloseSession', at: after(60), marks: [], asked: markedSymbols(day.session()) })
      .at(-1);
    if (closing?.type !== 'SessionClosed') throw new Error('not closed');
    const next = tradingDay({
      previous: { stream: 'session-paper-2026-03-01', closed: closing.data },
      carried: workingInTurn(day.session()),
    });
    expect(take(next, told())).toEqual([]);
    take(next, trade(null, 'x1', { shares: 10, at: 9_900, second: 7 }));
    expect(next.session().positions.get(nvda)?.quantity).toBe(quantity.fromShares(10));
  });
});

describe('an execution of one exit that the venue changes', () => {
  /** Of ten shares the stop loss has sold four. */
  const begun = () => {
    const day = tradingDay();
    const exits = { takeProfit: price.of('105'), stopLoss: price.of('95') };
    const parent = day.place({ shares: 10, exits });
    day.quote('100/100', 1);
    day.quote('100/100', 2);
    day.quote('95/95.02', 3, { shares: 4 });
    const stop = day.exitOf(parent, 'stop_loss');
    const sizes = () => day.exits(parent).sort();
    expect(sizes()).toEqual(['stop_loss 6 at 95', 'take_profit 6 at 105']);
    return { day, stop, sizes, sold: `paper-${stop}-1` };
  };

  test('busted: the other grows back, so that what is held again is covered', () => {
    const { day, stop, sizes, sold } = begun();
    take(day, bust(stop, sold, 5));
    expect(day.held()).toBe('10');
    expect(sizes()).toEqual(['stop_loss 10 at 95', 'take_profit 10 at 105']);
  });

  test('corrected: the other fits what is held', () => {
    const { day, stop, sizes, sold } = begun();
    take(day, correct(stop, sold, { shares: 3, at: 9_500, second: 5 }));
    expect(day.held()).toBe('7');
    expect(sizes()).toEqual(['stop_loss 7 at 95', 'take_profit 7 at 105']);
  });
});

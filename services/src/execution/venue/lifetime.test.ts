import type { WorkingOrder } from '@sentinel/contracts/execution';
import { money, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { venueReports } from './index.ts';
import {
  fillsOf,
  follow,
  later,
  look,
  open,
  orderOf,
  quoteAt,
  submittedAt,
  types,
} from './test-look.ts';

const closesAt = open.closesAt as Temporal.Instant;
const closing = { timeInForce: 'cls', orderType: 'market' } as const;

describe('an order for the closing', () => {
  const answer = (at: Temporal.Instant, session = open) =>
    venueReports(
      look({
        order: orderOf(closing, { status: 'submitted', submittedAt: at }),
        quote: quoteAt(at.add({ seconds: 1 })),
        session,
      }),
    );

  test('that reaches the venue in the last minute is refused there, whatever was known when it was sent', () => {
    const [report] = answer(closesAt.subtract({ seconds: 60 }));
    expect(report).toMatchObject({
      type: 'rejected',
      reason: 'The closing of 2026-11-23 takes no more orders.',
    });
  });

  test('is taken until then', () => {
    expect(types(answer(closesAt.subtract({ seconds: 61 })))).toContain('accepted');
  });

  test('of a day that the exchange has not reached is no matter of this one', () => {
    const earlier = { ...open, date: '2026-11-22' as typeof open.date };
    expect(types(answer(closesAt.subtract({ seconds: 30 }), earlier))).toContain('accepted');
  });

  test('is refused where the market never closes', () => {
    const [report] = answer(submittedAt, { ...open, opensAt: null, closesAt: null });
    expect(report).toMatchObject({ type: 'rejected', reason: 'This market never closes.' });
  });
});

describe('an order belongs to its trading date', () => {
  const tomorrow = '2026-11-24' as typeof open.date;
  const evening = quoteAt(closesAt.add({ hours: 1 }));

  test('and one of tomorrow does not end with today', () => {
    const closed = { ...open, state: 'closed' } as const;
    const heard = (tradingDate: typeof open.date) =>
      types(venueReports(look({ session: closed, quote: evening, tradingDate })));
    expect([heard(tomorrow), heard(open.date)]).toEqual([[], ['expired']]);
  });

  test('and one for the opening ends with its day, however late it came', () => {
    const order = orderOf({ timeInForce: 'opg' }, { submittedAt: later(60_000) });
    const session = { ...open, date: tomorrow };
    expect(types(venueReports(look({ order, session, quote: quoteAt(later(61_000)) })))).toEqual([
      'expired',
    ]);
  });
});

describe('new terms', () => {
  const intent = { ...orderOf({}).intent, quantity: quantity.of('200') };
  const heard = (rest: Partial<WorkingOrder>) => {
    const replacement = { intent, at: submittedAt, reservedCash: money.zero };
    return types(
      venueReports(
        look({ order: orderOf({}, { status: 'pending_replace', replacement, ...rest }) }),
      ),
    );
  };

  test('of an order that was never answered follow its acceptance', () => {
    expect(heard({ statusBefore: 'submitted' })).toEqual(['accepted', 'replaced']);
    expect(heard({ statusBefore: 'accepted' })).toEqual(['replaced']);
  });

  test('are refused once as much as they ask for has been filled', () => {
    const filled = (shares: string) => heard({ cumulativeQuantity: quantity.of(shares) });
    expect([filled('199'), filled('200'), filled('201')]).toEqual([
      ...[['replaced'], ['replace_rejected'], ['replace_rejected']],
    ]);
  });
});

describe('a fill that was on its way, by an injected fault', () => {
  const terms = {
    ...look().terms,
    faults: {
      rejectBps: 0,
      timeoutBps: 0,
      duplicateFillBps: 0,
      lateFillBps: 10_000,
      disconnectBps: 0,
    },
  };

  test('crosses a cancel', () => {
    const order = orderOf(
      {},
      { status: 'pending_cancel', statusBefore: 'accepted', cancelRequestedAt: submittedAt },
    );
    const reports = venueReports(look({ order, terms }));
    expect(types(reports)).toEqual(['canceled', 'fill']);
  });

  test('does not come to what expired', () => {
    const { reports } = follow(orderOf({}), [quoteAt(closesAt)], { terms });
    expect([types(reports), fillsOf(reports)]).toEqual([['expired'], []]);
  });

  test('does not come to what has never reached the venue', () => {
    const order = orderOf({}, { status: 'submitted' });
    expect(types(venueReports(look({ order, quote: quoteAt(later(10)), terms })))).toEqual([]);
  });
});

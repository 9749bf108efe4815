import {
  type ApprovalRequestId,
  type DecisionId,
  type HaltId,
  money,
  type OrderId,
  price,
  type WindDownId,
} from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import {
  buy,
  grantFact,
  haltOf,
  markAt,
  noon,
  nvda,
  ordinaryFacts,
  quoteOf,
} from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { markedSymbols, type SessionCommand, type SessionEvent, sessionDecider } from './index.ts';
import { tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;
type Place = Extract<SessionCommand, { type: 'PlaceOrder' }>;

const idOf = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const end = noon.add({ hours: 4 });

/** The `n`-th order of a test, to buy at the market. */
const placing = (
  day: Day,
  n: number,
  { shares = 1, ...rest }: Partial<Place> & { shares?: number },
) => {
  const symbols = markedSymbols(day.session());
  const intent = buy(shares);
  const marks = symbols.map((symbol) => markAt(symbol, '100'));
  return {
    ...{ type: 'PlaceOrder', purpose: 'order', intent },
    facts: ordinaryFacts({ quote: quoteOf(nvda, '100/100.02'), marks }),
    gathered: { symbols, uncorrelated: [], intent },
    orderId: idOf(n) as OrderId,
    decisionId: idOf(n + 0x1000) as DecisionId,
    ...{ idempotencyKey: null, earlierUse: null },
    paramsDigest: testDigest('params'),
    codeDigest: testDigest('code'),
    ...rest,
  } as const satisfies Place;
};
const timesOf = (events: readonly SessionEvent[]) =>
  events.map(({ data }) => ('at' in data ? `${data.at}` : 'none'));
const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

test('an order that closes a position for a wish to wind down says so, and no other does', () => {
  const day = tradingDay();
  const submittedBy = (n: number, rest: Partial<Place>) => {
    const event = day.take(placing(day, n, rest)).at(-1);
    if (event?.type !== 'OrderSubmitted') throw new Error('nothing was submitted');
    return event.data;
  };
  const windDownId = idOf(0xaaaa) as WindDownId;
  expect(submittedBy(1, { windDownId })).toHaveProperty('windDownId', windDownId);
  expect(submittedBy(2, { windDownId: undefined })).not.toHaveProperty('windDownId');
});

describe('an idempotency key', () => {
  test('answers the same order without placing it twice, and is refused for another', () => {
    const day = tradingDay();
    const keyed = { idempotencyKey: 'mine' };
    expect(types(day.take(placing(day, 1, keyed)))).toContain('OrderSubmitted');
    expect(day.take(placing(day, 2, keyed))).toEqual([]);
    const other = { ...keyed, paramsDigest: testDigest('others') };
    expect(() => day.take(placing(day, 3, other))).toThrow('IDEMPOTENCY_KEY_REUSED');
    expect(types(day.take(placing(day, 4, { idempotencyKey: 'another' })))).toContain(
      'OrderSubmitted',
    );
  });

  test('that a session before this one has used is known', () => {
    const day = tradingDay();
    const earlierUse = { key: 'mine', paramsDigest: testDigest('params'), orderId: idOf(9) };
    const keyed = { idempotencyKey: 'mine', earlierUse } as Partial<Place>;
    expect(day.take(placing(day, 1, keyed))).toEqual([]);
  });
});

test('a preview is judged, and leaves no order', () => {
  const day = tradingDay();
  expect(types(day.take(placing(day, 1, { purpose: 'preview' })))).toEqual(['RiskAssessed']);
  expect(day.session().orders.size).toBe(0);
});

describe('orders that wait for a human', () => {
  const asking = (n: number) => ({
    asking: {
      requestId: idOf(n + 0x2000) as ApprovalRequestId,
      requestedBy: 'claude',
      requestedAt: noon,
      expiresAt: end,
    },
  });
  /** A day on which a human is asked about all above a thousand dollars, with so many orders that wait. */
  const waiting = (count: number) => {
    const day = tradingDay({ limits: { approval: { aboveValue: money.of('1000') } } });
    for (let n = 1; n <= count; n++) day.take(placing(day, n, { shares: 20, ...asking(n) }));
    expect(day.session().proposals.size).toBe(count);
    return day;
  };

  test('are forty at the most, and hold up none about which nobody is asked', () => {
    const day = waiting(40);
    const more = () => day.take(placing(day, 41, { shares: 20, ...asking(41) }));
    expect(more).toThrow('TOO_MANY_WAITING');
    expect(types(day.take(placing(day, 42, asking(42))))).toContain('OrderSubmitted');
    expect(more).toThrow('TOO_MANY_WAITING');
  });

  test('cannot be canceled, since nothing works yet', () => {
    const day = waiting(1);
    expect(() => day.cancel(idOf(1) as OrderId, 1)).toThrow('ORDER_NOT_WORKING');
    expect(day.status(idOf(1) as OrderId)).toBe('initialized');
  });
});

describe('a cancel', () => {
  const resting = () => {
    const day = tradingDay();
    const order = day.place({ shares: 1, orderType: 'limit', limitPrice: price.of('99') });
    day.quote('100/100.02', 1);
    return { day, order };
  };

  test('is asked for once, and not again while it is on its way', () => {
    const { day, order } = resting();
    expect(types(day.cancel(order, 2))).toEqual(['OrderPendingCancel']);
    expect(day.cancel(order, 3)).toEqual([]);
  });

  test('that comes after the end of the session is of its last moment', () => {
    const { day, order } = resting();
    expect(timesOf(day.cancel(order, 5 * 3_600))).toEqual(['2026-03-02T21:00:00Z']);
  });

  test('keeps its time in a session whose log does not say when it ends', () => {
    const { day, order } = resting();
    const at = noon.add({ hours: 5 });
    const decided = sessionDecider(testDigest).decide(
      { type: 'CancelOrder', orderId: order, reason: 'test', at },
      { ...day.session(), endsAt: null },
    );
    expect(decided.ok && timesOf(decided.value)).toEqual(['2026-03-02T22:00:00Z']);
  });
});

test('while the books are brought in nothing is ordered or canceled', () => {
  const day = tradingDay();
  const opening = { ...day.session(), phase: 'opening' } as const;
  for (const command of [
    placing(day, 1, {}),
    { type: 'CancelOrder', orderId: idOf(1) as OrderId, reason: 'test', at: noon } as const,
  ])
    expect(sessionDecider(testDigest).decide(command, opening)).toMatchObject({
      ok: false,
      refusal: { code: 'SESSION_NOT_OPEN' },
    });
});

describe('what a session is told of the rules', () => {
  test('is taken once: a version that it knows, or an older one, says nothing', () => {
    const day = tradingDay();
    const told = (version: number) => {
      const { grant, standing } = grantFact();
      const adopt = { type: 'AdoptAccess', told: { grant, version, standing }, at: noon } as const;
      return types(day.take(adopt));
    };
    expect(told(2)).toEqual(['AccessAdopted']);
    expect(told(2)).toEqual([]);
    expect(told(1)).toEqual([]);
    expect(told(3)).toEqual(['AccessAdopted']);
  });

  test('a release of one halt leaves the others, and one that does not stand is none', () => {
    const day = tradingDay();
    const halt = haltOf('global', null);
    day.take({ type: 'EngageHalt', halt });
    const release = (haltId: HaltId) => {
      const by = { requestId: idOf(7) as ApprovalRequestId, releasedBy: 'human:test' };
      return types(day.take({ type: 'ReleaseHalt', haltId, ...by, at: noon }));
    };
    expect(release(idOf(8) as HaltId)).toEqual([]);
    expect(release(halt.haltId)).toEqual(['HaltReleased']);
    expect(release(halt.haltId)).toEqual([]);
  });
});

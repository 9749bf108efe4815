import { auditQueries } from '@sentinel/contracts/audit';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  type EventId,
  encodeEvent,
  type LogPosition,
  money,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { quoteSchema } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../execution/index.ts';
import { tradingDay } from '../../execution/session/test-day.ts';
import { testDigest } from '../../execution/test-kit/test-desk.ts';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { noon, nvda, quoteOf } from '../../risk/fixtures.ts';
import { type ReplayStep, replaySession } from '../replay/replay-session.ts';
import type { StoredSession } from '../replay/stored-session.ts';
import { anyDays, entriesOf } from '../replay/test-any-session.ts';
import { limitsWith } from './limits-change.ts';
import { liveOtherwise } from './otherwise.ts';
import { type WhatIfInput, whatIfTask } from './what-if-task.ts';

const digest = testDigest;

const stored = (events: readonly SessionEvent[]): StoredSession => ({
  stream: 'session-paper-2026-03-02' as StreamName,
  events: events.map((event, n) => ({
    ...encodeEvent(sessionEvents, event),
    id: `01890000-0000-7000-9000-${n.toString(16).padStart(12, '0')}` as EventId,
    logPosition: BigInt(n + 1) as LogPosition,
  })),
});

const asked = (
  events: readonly SessionEvent[],
  cases: WhatIfInput['cases'],
  more: Partial<WhatIfInput> = {},
) => {
  const input = { session: stored(events), previous: null, cases, changes: 100, seen: [], ...more };
  const output = whatIfTask(digest)(input, () => undefined);
  if (!('answer' in output)) throw new Error(output.differs);
  return auditQueries.WhatIf.output.parse(output.answer);
};

const stepsOf = (events: readonly SessionEvent[]) => {
  const steps: ReplayStep[] = [];
  replaySession(entriesOf(events), { digest, onStep: (step) => steps.push(step) });
  return steps;
};

/** Two orders, of which the second is too large for its value: bought at 100.02, worth 105 in the end. */
const rising = () => {
  const day = tradingDay({
    limits: {
      order: {
        maxValue: money.of('5000'),
        maxValueBps: 10_000,
        maxQuantity: quantity.fromShares(9_999),
      },
    },
  });
  day.place({ shares: 10 });
  day.quote('100/100.02', 1);
  expect(() => day.place({ shares: 100 }, 60)).toThrow('MAX_ORDER_VALUE');
  day.place({ shares: 5, side: 'sell', limitPrice: price.of('105'), orderType: 'limit' }, 120);
  day.quote('105/105.02', 180);
  return day;
};

describe('a session lived under its own limits', () => {
  test('comes out as it was: every decision, every order, cash to the cent', () => {
    fc.assert(
      fc.property(anyDays, ({ day }) => {
        const { session, decisions } = liveOtherwise(stepsOf(day.events), {
          ...{ digest, seen: [] },
          change: (limits) => limits,
        });
        const recorded = entriesOf(day.events).flatMap(({ id, event }) =>
          event.type === 'RiskAssessed' ? [[id, event.data.outcome]] : [],
        );
        expect([...decisions].map(([id, { outcome }]) => [id, outcome])).toEqual(recorded);
        const plain = (of: typeof session) => [
          ...[of.cash, of.realizedPnl, of.fees, [...of.positions.values()]],
          of.orders.entries().map(([id, { cumulativeQuantity }]) => [id, cumulativeQuantity]),
        ];
        expect(plain(session)).toEqual(plain(day.session()));
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  test('has no difference in any case that changes nothing', () => {
    const { as_recorded, cases } = asked(rising().events, [{ maxSpreadBps: 30 }]);
    expect(cases[0]).toMatchObject({ ...as_recorded, pnl_difference: 0n, decisions_changed: 0 });
    expect(as_recorded).toMatchObject({ approved: 2, denied: 1 });
  });
});

describe('other limits', () => {
  test('let through what was denied: it is filled by what the market showed, with its profit', () => {
    const day = rising();
    const quote = quoteOf(nvda, '100/100.02', noon.add({ seconds: 90 }));
    const seen = [
      {
        quote: quoteSchema.encode({
          ...quote,
          bidSize: quantity.fromShares(1_000),
          askSize: quantity.fromShares(1_000),
        }),
      },
    ];
    const [wider] = asked(day.events, [{ 'order.maxValue': '20000' }], { seen }).cases;
    expect(wider).toMatchObject({ approved: 3, denied: 0, decisions_changed: 1 });
    expect(wider?.changes).toMatchObject([
      {
        ...{ before: 'DENIED', after: 'APPROVED', code: 'MAX_ORDER_VALUE', unit: 'usd' },
        ...{ filled_qty_before: 0n, filled_qty_after: quantity.fromShares(100), limit: '5000' },
      },
    ]);
    // Bought at the ask of 100.02, without fees as a purchase is, and worth 105 at the last fill.
    expect(money.format(wider?.pnl_difference ?? money.zero)).toBe('498');
  });

  test('deny what was let through, and what hung on it with it', () => {
    const [narrow] = asked(rising().events, [{ maxGrossExposureBps: 0 }]).cases;
    expect(narrow).toMatchObject({ approved: 0, pnl: 0n });
    expect(narrow?.changes.map(({ before, after, code }) => [before, after, code])).toEqual([
      ['APPROVED', 'DENIED', 'GROSS_EXPOSURE'],
      ['APPROVED', 'DENIED', 'SHORT_SALE'],
    ]);
    const { as_recorded } = asked(rising().events, [{}]);
    expect(narrow?.pnl_difference).toBe(money.negate(as_recorded.pnl));
  });

  test('make a table, a row for each case', () => {
    const { cases } = asked(
      rising().events,
      ['500', '1500', '5000', '20000'].map((value) => ({ 'order.maxValue': value })),
    );
    expect(cases.map(({ approved, denied }) => [approved, denied])).toEqual([
      ...[
        [0, 3],
        [2, 1],
        [2, 1],
        [3, 0],
      ],
    ]);
    expect(cases.map(({ limits }) => limits['order.maxValue'])).toEqual([
      ...['500', '1500', '5000', '20000'],
    ]);
  });

  test('change decisions alone, and each of them in words', () => {
    fc.assert(
      fc.property(anyDays, ({ day }) => {
        const open = day.events.filter(({ type }) => type !== 'SessionClosed');
        const { cases, as_recorded } = asked(open, [{ maxPositionBps: 0 }, { maxSpreadBps: 1 }]);
        for (const { decisions_changed, changes, approved, denied } of cases) {
          expect(changes).toHaveLength(decisions_changed);
          expect(approved + denied).toBeLessThanOrEqual(as_recorded.approved + as_recorded.denied);
          expect(changes.every(({ before, after }) => before !== after)).toBe(true);
        }
      }),
      { numRuns: propertyRuns(40) },
    );
  });
});

test('a session that does not come out again is not lived otherwise', () => {
  const { events } = rising();
  const planted = events.map((event) =>
    event.type === 'OrderFilled'
      ? { ...event, data: { ...event.data, cash: money.of('1') } }
      : event,
  );
  const input = { session: stored(planted), previous: null, cases: [{}], changes: 1, seen: [] };
  expect(whatIfTask(digest)(input, () => undefined)).toEqual({
    differs: expect.stringContaining('cash was 1000000 and is'),
  });
});

describe('limits by their names', () => {
  const { limits } = tradingDay().session().limits;

  test('take the form that the one in force has', () => {
    expect(limitsWith(limits, { maxPositionBps: '700', 'order.maxValue': 123.5 })).toMatchObject({
      value: { maxPositionBps: 700, order: { maxValue: money.of('123.5') } },
    });
  });

  test.each([
    [{ maxPosition: 5 }, 'have no maxPosition'],
    [{ maxPositionBps: 'many' }, 'maxPositionBps'],
    [{ maxPositionBps: -1 }, 'maxPositionBps'],
    [{ order: 5 }, 'have no order'],
    [{ 'order.maxValue': 'x' }, 'order.maxValue'],
    [{ __proto__x: 1 }, 'have no __proto__x'],
  ])('refuse %j', (values, message) => {
    const answer = limitsWith(limits, values);
    expect(answer.ok ? '' : answer.refusal.message).toContain(message);
  });
});

test('a case costs little more than the day itself did', () => {
  const day = tradingDay();
  const began = performance.now();
  for (let n = 0; day.events.length < 3_000; n++) {
    const side = n % 2 === 0 ? 'buy' : 'sell';
    day.place({ shares: 1 + ((n >> 1) % 50), side }, n * 2);
    day.quote('100/100.02', n * 2 + 1);
  }
  const lived = performance.now() - began;
  const cases = [1, 2, 3, 4].map((n) => ({ maxPositionBps: 100 * n }));
  const asking = performance.now();
  const answer = asked(day.events, cases);
  expect(answer.decisions).toBeGreaterThan(700);
  expect((performance.now() - asking) / (cases.length + 2)).toBeLessThan(8 * lived);
}, 60_000);

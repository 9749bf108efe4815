import { type Money, money, price, type StreamName } from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../execution/index.ts';
import { tradingDay } from '../../execution/session/test-day.ts';
import { testDigest } from '../../execution/test-kit/test-desk.ts';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { nvda } from '../../risk/fixtures.ts';
import { replaySession } from './replay-session.ts';
import { anyDays, entriesOf } from './test-any-session.ts';

type DataOf<Type> = Extract<SessionEvent, { readonly type: Type }>['data'];

const digest = testDigest;
const stream = 'session-paper-2026-02-27' as StreamName;

describe('any day and the day after', () => {
  test('are equal when they are executed again', () => {
    fc.assert(
      fc.property(anyDays, ({ day, next }) => {
        const first = replaySession(entriesOf(day.events), { digest });
        expect(first.firstDifference).toBe(null);
        const previous = { stream, session: day.session() };
        const second = replaySession(entriesOf(next.events), { digest, previous });
        expect(second.firstDifference).toBe(null);
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('are decided again, but for what too little is recorded of', () => {
    const taken = new Map<string, number>();
    let decided = 0;
    for (const { day, next } of fc.sample(anyDays, { numRuns: 100, seed: 3 })) {
      const previous = { stream, session: day.session() };
      for (const replay of [
        replaySession(entriesOf(day.events), { digest }),
        replaySession(entriesOf(next.events), { digest, previous }),
      ]) {
        decided += replay.decidedAgain;
        for (const [type, count] of replay.taken) taken.set(type, (taken.get(type) ?? 0) + count);
      }
    }
    expect(decided).toBeGreaterThan(3_000);
    expect([...taken]).toEqual([]);
  });
});

describe('a planted change', () => {
  const { events } = (() => {
    const day = tradingDay({ venue: { slippageBps: 5 } });
    day.place({ shares: 10, exits: { takeProfit: price.of('120'), stopLoss: price.of('95') } });
    day.quote('100/100.02', 1);
    try {
      day.place({ shares: 20_000 }, 60);
    } catch {
      // Denied, and recorded as such.
    }
    day.quote('94/94.02', 120);
    day.take({ type: 'CloseSession', at: day.session().lastAt, marks: [], asked: [nvda] });
    return day;
  })();
  const changed = <Type extends SessionEvent['type']>(
    type: Type,
    change: (data: DataOf<Type>) => Partial<DataOf<Type>>,
    nth = 0,
  ) => {
    const at = events.flatMap((event, n) => (event.type === type ? [n] : []))[nth];
    const found = at === undefined ? undefined : events[at];
    if (at === undefined || found === undefined) throw new Error(`no ${type}`);
    const data = found.data as DataOf<Type>;
    const planted = { type, data: { ...data, ...change(data) } } as unknown;
    const replay = replaySession(entriesOf(events.with(at, planted as SessionEvent)), { digest });
    return { replay, eventId: entriesOf(events)[at]?.id };
  };

  test('is none in the day itself, which has fills, a stop-out, a denial and its closing', () => {
    const types = new Set(events.map(({ type }) => type));
    for (const type of ['OrderFilled', 'OrderTriggered', 'OrderDenied', 'SessionClosed'])
      expect(types).toContain(type);
    expect(replaySession(entriesOf(events), { digest })).toMatchObject({
      ...{ result: 'equal', firstDifference: null, decidedAgain: events.length },
    });
  });

  test.each(['POSITION_SIZE', 'SPREAD', 'MAX_ORDER_VALUE'])(
    'of the check %s is the first difference, and named',
    (code) => {
      const plant = (data: RiskAssessed) => ({
        checks: data.checks.map((check) =>
          check.code === code ? { ...check, value: '7777' } : check,
        ),
      });
      const { replay, eventId } = changed('RiskAssessed', plant);
      expect(replay.firstDifference).toMatchObject({ eventId, type: 'RiskAssessed' });
      expect(replay.firstDifference?.what).toContain(`value of ${code} was 7777 and is `);
      const { replay: flipped } = changed('RiskAssessed', (data) => ({
        checks: data.checks.map((check) =>
          check.code === code ? { ...check, status: 'SKIPPED' as const } : check,
        ),
      }));
      expect(flipped.firstDifference?.what).toContain(`status of ${code} was SKIPPED`);
    },
  );

  test.each([
    ['the outcome', () => changed('RiskAssessed', () => ({ outcome: 'APPROVED' as const }), 1)],
    ['the code of a denial', () => changed('OrderDenied', () => ({ code: 'SPREAD' as const }))],
    [
      'cash after a fill',
      () => changed('OrderFilled', ({ cash }) => ({ cash: (cash + 1n) as Money })),
    ],
    ['a fee', () => changed('OrderFilled', ({ fees }) => ({ fees: (fees + 1n) as Money }), 1)],
    ['what is reserved', () => changed('OrderSubmitted', () => ({ reservedCash: money.of('1') }))],
    [
      'where a stop was set out',
      () =>
        changed(
          'OrderSubmitted',
          ({ intent }) => ({
            intent: { ...intent, triggerPrice: price.of('1') },
          }),
          1,
        ),
    ],
    ['closing equity', () => changed('SessionClosed', () => ({ equity: money.of('5') }))],
  ])('of %s is the first difference', (_, plant) => {
    const { replay, eventId } = plant();
    expect(replay.result).toBe('different');
    expect(replay.firstDifference?.eventId).toBe(eventId);
  });

  test('is seen where an event is left out, and where one is put in', () => {
    const at = (type: SessionEvent['type']) => events.findIndex((event) => event.type === type);
    const result = (planted: readonly SessionEvent[]) =>
      replaySession(entriesOf(planted), { digest }).result;
    // What the venue said is taken at its word: that it did not say it nobody can tell from here.
    for (const type of ['RiskAssessed', 'OrderFilled', 'OrderSubmitted', 'OrderDenied'] as const)
      expect(result(events.toSpliced(at(type), 1)), type).toBe('different');
    for (const type of ['RiskAssessed', 'OrderAccepted', 'OrderFilled', 'OrderSubmitted'] as const)
      expect(result(events.toSpliced(at(type), 0, events[at(type)] as SessionEvent)), type).toBe(
        'different',
      );
  });
});

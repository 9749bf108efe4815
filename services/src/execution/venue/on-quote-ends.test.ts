import { type Price, quantity } from '@sentinel/contracts/kernel';
import type { Quote } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { type VenueLook, venueReports } from './index.ts';
import { fillsOf, later, look, open, orderOf, quoteAt, terms, types } from './test-look.ts';

const heard = (intent: Partial<OrderIntent>, rest: Partial<VenueLook> = {}) =>
  types(venueReports(look({ order: orderOf(intent), ...rest })));
const shown = (rest: Partial<Quote>) => ({ quote: quoteAt(later(1_000), rest) });

describe.each(['ioc', 'fok'] as const)('an order for now (%s)', (timeInForce) => {
  test('leaves nothing working', () => {
    expect(heard({ timeInForce })).toEqual(['fill']);
    expect(heard({ timeInForce }, shown({ askSize: quantity.of('40') }))).toEqual(
      timeInForce === 'ioc' ? ['fill', 'canceled'] : ['canceled'],
    );
  });

  test('ends where nothing can trade', () => {
    expect(heard({ timeInForce }, { session: { ...open, state: 'closed' } })).toEqual(['canceled']);
    expect(heard({ timeInForce }, shown({ halted: true }))).toEqual(['canceled']);
  });

  test('waits for the next quote when this one has been used', () => {
    expect(heard({ timeInForce }, { lastLookAt: later(1_000) })).toEqual([]);
    expect(heard({ timeInForce }, { lastLookAt: later(999) })).toEqual(['fill']);
  });
});

test('a fill is numbered after those before it', () => {
  const executions = [0, 3].map((fills) =>
    fillsOf(venueReports(look({ order: orderOf({}, { fills }) }))).map((fill) => fill.execution),
  );
  expect(executions).toEqual([[1], [4]]);
});

describe('nothing trades', () => {
  const closesAt = open.closesAt as Temporal.Instant;

  test('on a quote from the close on', () => {
    const at = (moment: Temporal.Instant) =>
      heard({ timeInForce: 'gtc' }, { quote: quoteAt(moment) });
    expect(at(closesAt.subtract({ milliseconds: 1 }))).toEqual(['fill']);
    expect(at(closesAt)).toEqual([]);
  });

  test('where nobody bids', () => {
    expect(heard({ side: 'sell' }, shown({ bid: 0n as Price }))).toEqual([]);
  });

  test('for the closing before its window', () => {
    const at = (seconds: number) =>
      heard({ timeInForce: 'cls' }, { quote: quoteAt(closesAt.subtract({ seconds })) });
    expect([at(61), at(60)]).toEqual([[], ['fill']]);
  });

  test('of a stop of which nobody knows where it stands', () => {
    expect(heard({ orderType: 'stop' })).toEqual([]);
  });
});

describe('an injected fault', () => {
  const faulty = (faults: Partial<NonNullable<typeof terms.faults>>) => ({
    terms: {
      ...terms,
      faults: {
        ...{ rejectBps: 0, timeoutBps: 0, lateFillBps: 0, duplicateFillBps: 0, disconnectBps: 0 },
        ...faults,
      },
    },
  });

  test('tells a fill twice', () => {
    const reports = venueReports(look(faulty({ duplicateFillBps: 10_000 })));
    const [first, second] = fillsOf(reports);
    expect(reports).toEqual([first, second]);
    expect(second).toEqual(first);
    expect(heard({}, faulty({}))).toEqual(['fill']);
  });

  test('refuses an order that is in order', () => {
    const order = orderOf({}, { status: 'submitted' });
    const [report, ...more] = venueReports(look({ order, ...faulty({ rejectBps: 10_000 }) }));
    expect(report).toMatchObject({ type: 'rejected', reason: expect.stringContaining('injected') });
    expect(more).toEqual([]);
  });

  test('says nothing of any order while the connection is lost', () => {
    expect(heard({}, faulty({ disconnectBps: 10_000 }))).toEqual([]);
  });
});

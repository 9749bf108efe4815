import { type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { markAt, noon, nvda } from '../../risk/fixtures.ts';
import { workingInTurn } from './index.ts';
import { dayAfter, tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;

const limit = { orderType: 'limit', limitPrice: price.of('90') } as const;
const close = (day: Day) =>
  day.take({
    ...{ type: 'CloseSession', at: noon.add({ hours: 4 }) },
    ...{ marks: [markAt(nvda, '100')], asked: [nvda] },
  });
const lose = (day: Day, orderId: OrderId) => {
  const lost = { venueOrderId: null, execType: 'unknown', reason: 'lost' } as const;
  day.take({
    type: 'ReportVenue',
    reports: [{ ...lost, orderId, at: noon.add({ seconds: 3 }) }],
  });
};
const ofTypes = (day: Day, ...types: readonly string[]) =>
  day.events.filter(({ type }) => types.includes(type)).map(({ type }) => type);

test('a day order of unknown outcome is neither expired nor forgotten at the close', () => {
  const day = tradingDay();
  const [lost, known] = [
    day.place({ shares: 100, ...limit }),
    day.place({ shares: 50, ...limit }, 1),
  ];
  day.quote('99.99/100.01', 2);
  lose(day, lost);
  const reserved = day.session().working.get(lost)?.reservedCash;
  close(day);
  expect(day.session().closing?.carriedOrders).toBe(1);
  expect(day.status(known)).toBe('expired');
  const [left, ...others] = workingInTurn(day.session());
  expect(others).toEqual([]);
  expect(left).toMatchObject({ orderId: lost, status: 'unknown', reservedCash: reserved });
  expect(reserved).toBeGreaterThan(0n);
});

test('it keeps its cash in the next session until the venue says what became of it', () => {
  const day = tradingDay();
  const lost = day.place({ shares: 100, ...limit });
  day.quote('99.99/100.01', 2);
  lose(day, lost);
  const next = dayAfter(day, '100', []);
  expect(next.status(lost)).toBe('unknown');
  expect(next.session().working.get(lost)?.reservedCash).toBeGreaterThan(0n);
  expect(ofTypes(next, 'OrderExpired', 'OrderCanceled')).toEqual([]);
});

test('at the close a cancel that is on its way is done, whatever time its order had', () => {
  const day = tradingDay();
  const canceled = day.place({ shares: 100, ...limit, timeInForce: 'gtc' });
  const kept = day.place({ shares: 50, ...limit, timeInForce: 'gtc' }, 1);
  day.quote('99.99/100.01', 2);
  day.cancel(canceled, 3);
  close(day);
  expect([day.status(canceled), day.status(kept)]).toEqual(['canceled', 'accepted']);
  expect(day.session().closing?.carriedOrders).toBe(1);
});

test('the closing waits for prices of all that is held or works', () => {
  const day = tradingDay();
  day.place({ shares: 100 });
  day.quote('99.99/100.01', 1);
  const closing = { type: 'CloseSession', at: noon.add({ hours: 4 }), asked: [] } as const;
  expect(() => day.take({ ...closing, marks: [] })).toThrow('FACTS_LACKING');
  expect(day.session().phase).toBe('open');
  expect(quantity.format(day.session().positions.get(nvda)?.quantity ?? quantity.zero)).toBe('100');
});

const forOpening = { orderType: 'market_on_open', timeInForce: 'opg' } as const;

test('an order for the opening that came after today’s waits for the next, and no longer', () => {
  const day = tradingDay();
  const order = day.place({ shares: 100, ...forOpening });
  close(day);
  const [left] = workingInTurn(day.session());
  expect(left?.orderId).toBe(order);
  const { closing: closed } = day.session();
  if (left === undefined || closed === null) throw new Error('nothing is carried');
  const yesterdays = { ...left, submittedAt: noon.subtract({ hours: 24 }) };
  const previous = { stream: 'session-paper-2026-02-27', closed };
  const next = tradingDay({ previous, carried: [yesterdays] });
  close(next);
  expect(next.status(order)).toBe('expired');
  expect(next.session().closing?.carriedOrders).toBe(0);
});

test('trading does not begin before every order of the night is there', () => {
  const day = tradingDay();
  day.place({ shares: 100, ...limit, timeInForce: 'gtc' });
  close(day);
  const { closing: closed } = day.session();
  if (closed === null) throw new Error('the day did not close');
  const previous = { stream: 'session-paper-2026-02-27', closed };
  expect(() => tradingDay({ previous, carried: [] })).toThrow(
    '1 orders are still to be brought in',
  );
});

test('the close is valued at the newest price known, the market’s or the session’s own', () => {
  const closedAt = (marks: Parameters<typeof valued>[0]) => {
    const [mark] = valued(marks);
    return mark && price.format(mark.price);
  };
  const valued = (marks: ReturnType<typeof markAt>[]) => {
    const day = tradingDay();
    day.place({ shares: 100 });
    day.quote('99.99/100.01', 60);
    const at = noon.add({ hours: 4 });
    day.take({ type: 'CloseSession', at, marks, asked: [nvda] });
    return day.session().closing?.marks ?? [];
  };
  const old = markAt(nvda, '90');
  expect(closedAt([old])).toBe(closedAt([]));
  expect(closedAt([])).not.toBe('90');
  expect(closedAt([{ ...old, at: noon.add({ hours: 3 }) }])).toBe('90');
});

import { money, price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { grantFact, noon } from '../../risk/fixtures.ts';
import { tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;
const shares = quantity.fromShares;
const limit = { orderType: 'limit', limitPrice: price.of('100') } as const;

/** Of a grant for so many dollars in a day. */
const by = (maxDayValue: string) => ({ grant: grantFact({ maxDayValue: money.of(maxDayValue) }) });
const ordered = (facts: ReturnType<typeof by>) => {
  const day = tradingDay();
  const order = day.place({ ...limit, shares: 10 }, 0, facts);
  return { day, order };
};
/** Dollars that orders of the grant count for today. */
const countedIn = (day: Day) =>
  [...day.session().grantedToday.values()].map((value) => money.format(value));

describe('what a client may order in a day', () => {
  test('is what its grant says, less what it has ordered already', () => {
    const { day } = ordered(by('1500'));
    expect(countedIn(day)).toEqual(['1000']);
    expect(() => day.place({ ...limit, shares: 6 }, 1, by('1500'))).toThrow('AUTHORISED');
    day.place({ ...limit, shares: 5 }, 2, by('1500'));
    expect(countedIn(day)).toEqual(['1500']);
  });

  test('is lessened by what new terms add, and not given back by terms that ask for less', () => {
    const facts = by('1500');
    const { day, order } = ordered(facts);
    day.quote('101/101.02', 1);
    const replaced = (count: number, second: number) => {
      day.replace(order, { quantity: shares(count) }, { second, ...facts });
      day.quote('101/101.02', second + 0.5);
      return countedIn(day);
    };
    expect(replaced(15, 2)).toEqual(['1500']);
    expect(replaced(16, 3)).toEqual(['1500']);
    expect(replaced(8, 4)).toEqual(['1500']);
    expect(replaced(12, 5)).toEqual(['1500']);
  });

  test('counts an order of others in full when it gives that other terms', () => {
    const day = tradingDay();
    const order = day.place({ ...limit, shares: 10 });
    day.quote('101/101.02', 1);
    day.replace(order, { quantity: shares(12) }, { second: 2, ...by('5000') });
    expect(countedIn(day)).toEqual(['1200']);
  });

  test('counts no share twice that trades by the old terms while fewer are asked for', () => {
    const facts = by('5000');
    const { day, order } = ordered(facts);
    day.quote('101/101.02', 1);
    day.replace(order, { quantity: shares(5) }, { second: 2, ...facts });
    const trade = { venueOrderId: null, execType: 'trade', venueExecutionId: 'x' } as const;
    const filled = { quantity: shares(6), price: price.of('100'), at: noon.add({ seconds: 3 }) };
    day.take({ type: 'ReportVenue', reports: [{ ...trade, ...filled, orderId: order }] });
    expect(day.filled(order)).toBe('6');
    day.quote('101/101.02', 3.5);
    day.replace(order, { quantity: shares(8) }, { second: 4, ...facts });
    expect(countedIn(day)).toEqual(['1000']);
  });
});

test('an order whose grant was revoked is denied, though an older version was read for it', () => {
  const day = tradingDay();
  const { grant } = grantFact();
  const told = { grant, version: 3, standing: 'revoked' } as const;
  day.take({ type: 'AdoptAccess', told, at: noon });
  const read = { grant: grantFact() };
  expect(() => day.place({ ...limit, shares: 1 }, 1, read)).toThrow('AUTHORISED');
  const newer = { grant: grantFact({}, { version: 4 }) };
  day.place({ ...limit, shares: 1 }, 2, newer);
});

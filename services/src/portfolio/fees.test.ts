import {
  money,
  price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateFees, feesFor } from './fees.ts';

const cent = 10_000n;
const sale = (shares: string, each: string, date: string) => ({
  side: 'sell' as const,
  quantity: quantity.of(shares),
  price: price.of(each),
  date: date as TradingDate,
});
const feesOf = (shares: string, each: string, date: string) =>
  money.format(feesFor(sale(shares, each, date)));

describe('feesFor', () => {
  // One share at a million dollars is the rate itself, beside a cent for the share.
  test.each([
    ['2001-12-28', '15.01'],
    ['2003-03-31', '25.21'],
    ['2003-04-01', '46.81'],
    ['2008-04-01', '5.61'],
    ['2010-01-15', '12.71'],
    ['2014-03-18', '22.11'],
    ['2021-02-25', '5.11'],
    ['2023-02-26', '22.91'],
    ['2023-02-27', '8.01'],
    ['2025-05-13', '27.81'],
    ['2025-05-14', '0.01'],
    ['2026-04-03', '0.01'],
    ['2026-04-04', '20.61'],
    ['2002-04-01', '30.11'],
    ['2003-03-22', '25.21'],
    ['2004-02-22', '39.01'],
    ['2004-04-01', '23.41'],
    ['2005-01-07', '32.91'],
    ['2005-04-01', '41.81'],
    ['2005-12-22', '30.71'],
    ['2007-03-17', '15.31'],
    ['2008-01-25', '11.01'],
    ['2009-04-10', '25.71'],
    ['2010-04-01', '16.91'],
    ['2011-01-21', '19.21'],
    ['2012-02-21', '18.01'],
    ['2012-04-01', '22.41'],
    ['2013-05-25', '17.41'],
    ['2015-02-14', '18.41'],
    ['2016-02-16', '21.81'],
    ['2017-07-04', '23.11'],
    ['2018-05-22', '13.01'],
    ['2019-04-16', '20.71'],
    ['2020-02-18', '22.11'],
    ['2022-05-14', '22.91'],
    ['2024-05-22', '27.81'],
  ])('charges a million dollars sold on %s %s', (date, fees) => {
    expect(feesOf('1', '1000000', date)).toBe(fees);
  });

  // 10,000 shares at a hundredth of a cent are a dollar: a cent of Section 31 beside the activity fee.
  test.each([
    ['2004-11-01', '0.76'],
    ['2011-07-01', '0.91'],
    ['2012-03-01', '0.96'],
    ['2012-07-01', '1.2'],
    ['2022-01-01', '1.31'],
    ['2023-01-01', '1.46'],
    ['2024-12-31', '1.67'],
    ['2026-11-23', '1.96'],
    ['2027-01-04', '2.33'],
  ])('charges 10,000 shares sold on %s %s', (date, fees) => {
    expect(feesOf('10000', '0.0001', date)).toBe(fees);
  });

  test('caps the activity fee for a large block', () => {
    expect(feesOf('50000000', '0.0001', '2025-06-02')).toBe('8.3');
    expect(feesOf('50000', '0.0001', '2025-06-02')).toBe('8.3');
    expect(feesOf('49900', '0.0001', '2025-06-02')).toBe('8.29');
  });

  test('charges the first row before the tables begin, and the last after they end', () => {
    expect(feesOf('10000', '100', '1990-01-02')).toBe(feesOf('10000', '100', '2001-12-28'));
    expect(feesOf('10000', '100', '2099-01-02')).toBe('22.92');
  });

  const trade = fc.record({
    quantity: fc.bigInt(1n, 10n ** 15n).map((units) => units as Quantity),
    price: fc.bigInt(1n, 10n ** 10n).map((units) => units as ReturnType<typeof price.of>),
    date: fc
      .constantFrom('2004-03-01', '2016-07-01', '2025-07-01', '2026-11-23')
      .map((date) => date as TradingDate),
  });

  test('never charges a buy', () => {
    fc.assert(
      fc.property(trade, (t) => {
        expect(feesFor({ ...t, side: 'buy' })).toBe(0n);
      }),
    );
  });

  test('charges whole cents, and never less for more shares or a higher price', () => {
    fc.assert(
      fc.property(trade, fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 8n), (t, more, higher) => {
        const fees = feesFor({ ...t, side: 'sell' });
        expect(fees % cent).toBe(0n);
        expect(fees).toBeGreaterThan(0n);
        const larger = {
          ...t,
          side: 'sell' as const,
          quantity: (t.quantity + more) as Quantity,
          price: (t.price + higher) as typeof t.price,
        };
        expect(feesFor(larger)).toBeGreaterThanOrEqual(fees);
      }),
    );
  });

  test('are estimated from above, however the order is split', () => {
    const shares = fc.array(fc.bigInt(1n, 10n ** 14n), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(trade, shares, fc.bigInt(0n, 1_000n), (t, parts, lower) => {
        const each = (t.price > lower ? t.price - lower : t.price) as typeof t.price;
        const total = parts.reduce((sum, part) => sum + part, 0n) as Quantity;
        const paid = money.add(
          ...parts.map((part) =>
            feesFor({ ...t, side: 'sell', price: each, quantity: part as Quantity }),
          ),
        );
        const order = { ...t, side: 'sell' as const, quantity: total };
        const most = estimateFees(order, BigInt(parts.length));
        expect(paid).toBeLessThanOrEqual(most);
        expect(most).toBeLessThanOrEqual(estimateFees(order));
      }),
      { numRuns: 500 },
    );
  });

  test('are estimated exactly for a single part, and at nothing for a buy', () => {
    fc.assert(
      fc.property(trade, (t) => {
        expect(estimateFees({ ...t, side: 'sell' }, 1n)).toBe(feesFor({ ...t, side: 'sell' }));
        expect(estimateFees({ ...t, side: 'buy' })).toBe(0n);
      }),
    );
  });
});

test('while the Section 31 fee is nothing, parts round up the activity fee alone', () => {
  const sale = {
    ...{ side: 'sell' as const, quantity: quantity.fromShares(100), price: price.of('100') },
    date: '2025-06-02' as TradingDate,
  };
  const most = money.subtract(estimateFees(sale, 20n), feesFor(sale));
  expect(money.format(most)).toBe('0.19');
});

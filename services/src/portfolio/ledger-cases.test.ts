import { money, notional, type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { markToMarket, type PositionState } from '@sentinel/contracts/portfolio';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { applyFill, equityOf, unrealizedPnl } from './ledger.ts';
import { anyFill, anyFills, book, fillOf, last, micro, symbol } from './test-books.ts';

const runs = { numRuns: propertyRuns(1_000) };

describe('the faults of the earlier system', () => {
  test('D15: a sale without a position opens a short, and is worth no more than before', () => {
    const { cash, position, realizedPnl } = last(book([fillOf('sell', '100', '182.62')]));
    expect(money.format(cash)).toBe('118262');
    expect(position && quantity.format(position.quantity)).toBe('-100');
    expect(position && money.format(position.cost)).toBe('-18262');
    expect(realizedPnl).toBe(0n);
    const equity = equityOf(
      cash,
      [position as PositionState],
      new Map([[symbol, price.of('182.62')]]),
    );
    expect(equity).toBe(money.of('100000'));
  });

  test('D16: equity follows the books at every fill, whatever the cash', () => {
    fc.assert(
      fc.property(anyFills, micro, (fills, mark) => {
        for (const { cash, position } of book(fills)) {
          const positions = position === null ? [] : [position];
          const value = position === null ? money.zero : markToMarket(position, mark as Price);
          expect(equityOf(cash, positions, new Map([[symbol, mark as Price]]))).toBe(
            money.add(cash, value),
          );
        }
      }),
      runs,
    );
    const { cash, position } = last(book([fillOf('buy', '73333.333333333', '120')]));
    expect(cash).toBeLessThan(0n);
    expect(equityOf(cash, [position as PositionState], new Map([[symbol, price.of('60')]]))).toBe(
      money.of('-4300000'),
    );
  });

  test('D22: the average price is weighted by what each fill bought', () => {
    const steps = book([fillOf('buy', '100', '10'), fillOf('buy', '300', '20')]);
    expect(last(steps).position?.averagePrice).toBe(price.of('17.5'));
    fc.assert(
      fc.property(fc.array(anyFill, { minLength: 1, maxLength: 20 }), (fills) => {
        const buys = fills.map((fill) => ({ ...fill, side: 'buy' as const }));
        const paid = buys.reduce(
          (sum, fill) => sum + notional(fill.price, fill.quantity, 'up'),
          0n,
        );
        const bought = buys.reduce((sum, fill) => sum + fill.quantity, 0n);
        const position = last(book(buys)).position as PositionState;
        expect(position.cost).toBe(paid);
        // Rounded up: the least price at which the shares are worth their cost.
        expect(position.averagePrice * bought).toBeGreaterThanOrEqual(paid * 10n ** 9n);
        expect((position.averagePrice - 1n) * bought).toBeLessThan(paid * 10n ** 9n);
      }),
      runs,
    );
  });

  test('D33: a billionth of a share is not lost, and a large book is exact', () => {
    const steps = book([
      fillOf('buy', '9007199.254740993', '1.000001'),
      fillOf('sell', '9007199.254740992', '1.000001'),
    ]);
    expect(
      last(steps).position && quantity.format((last(steps).position as PositionState).quantity),
    ).toBe('0.000000001');
  });
});

describe('longs, shorts and the way across', () => {
  test('a long sold at a profit realises it, in parts and to the cent', () => {
    const steps = book([
      fillOf('buy', '30', '100'),
      fillOf('sell', '10', '110'),
      fillOf('sell', '20', '95'),
    ]);
    expect(steps.map((step) => money.format(step.realizedPnl))).toEqual(['0', '100', '-100']);
    expect(last(steps).position).toBeNull();
    expect(last(steps).cash).toBe(money.of('100000'));
  });

  test('a short bought back lower realises a profit, and higher a loss', () => {
    const steps = book([
      fillOf('sell', '10', '50'),
      fillOf('buy', '4', '45'),
      fillOf('buy', '6', '60'),
    ]);
    expect(steps.map((step) => money.format(step.realizedPnl))).toEqual(['0', '20', '-60']);
    expect(last(steps).cash).toBe(money.of('99960'));
  });

  test.each([
    { first: 'buy', second: 'sell', pnl: '50', held: '-3', cost: '-180' },
    { first: 'sell', second: 'buy', pnl: '-50', held: '3', cost: '180' },
  ] as const)('a $first crossed by a larger $second closes one side and opens the other', (way) => {
    const { first, second, pnl, held, cost } = way;
    const crossed = last(book([fillOf(first, '5', '50'), fillOf(second, '8', '60')]));
    expect(money.format(crossed.realizedPnl)).toBe(pnl);
    expect(crossed.position).toEqual({
      symbol,
      quantity: quantity.of(held),
      averagePrice: price.of('60'),
      cost: money.of(cost),
    });
  });

  test('a position is marked at what closing it would bring', () => {
    const long = last(book([fillOf('buy', '10', '50')])).position as PositionState;
    const short = last(book([fillOf('sell', '10', '50')])).position as PositionState;
    expect(markToMarket(long, price.of('51'))).toBe(money.of('510'));
    expect(unrealizedPnl(long, price.of('51'))).toBe(money.of('10'));
    expect(markToMarket(short, price.of('51'))).toBe(money.of('-510'));
    expect(unrealizedPnl(short, price.of('51'))).toBe(money.of('-10'));
  });

  test('equity is not known while a mark is missing', () => {
    const position = last(book([fillOf('buy', '10', '50')])).position as PositionState;
    expect(equityOf(money.zero, [position], new Map())).toBeNull();
    expect(equityOf(money.zero, [], new Map())).toBe(money.zero);
  });
});

describe('a fill that cannot be', () => {
  const held = {
    symbol,
    quantity: quantity.of('1'),
    averagePrice: price.of('1'),
    cost: money.of('1'),
  };
  test.each([
    ['no quantity', { ...fillOf('buy', '1', '1'), quantity: quantity.zero }],
    ['a negative quantity', fillOf('buy', '-1', '1')],
    ['a negative price', fillOf('sell', '1', '-1')],
    ['negative fees', { ...fillOf('sell', '1', '1'), fees: money.of('-0.01') }],
    ['another symbol', { ...fillOf('sell', '1', '1'), symbol: 'AAPL' as Ticker }],
  ])('is refused: %s', (_, fill) => {
    expect(() => applyFill({ cash: money.zero, position: held }, fill)).toThrow(RangeError);
  });
});

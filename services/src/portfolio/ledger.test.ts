import {
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFill, equityOf, type Fill, markToMarket, unrealizedPnl } from './ledger.ts';

const symbol = 'NVDA' as Ticker;
const runs = { numRuns: 1_000 };

const fillOf = (side: Fill['side'], shares: string, each: string): Fill => ({
  symbol,
  side,
  quantity: quantity.of(shares),
  price: price.of(each),
  fees: money.zero,
});

const signed = (fill: Fill): bigint => (fill.side === 'buy' ? fill.quantity : -fill.quantity);

type Step = {
  readonly fill: Fill;
  readonly cash: Money;
  readonly position: PositionState | null;
  readonly realizedPnl: Money;
};

/** Books fills one after another, from flat and `cash`. */
const book = (fills: readonly Fill[], cash: Money = money.of('100000')): readonly Step[] => {
  const steps: Step[] = [];
  let books: { cash: Money; position: PositionState | undefined } = { cash, position: undefined };
  for (const fill of fills) {
    const after = applyFill(books, fill);
    steps.push({ fill, ...after });
    books = { cash: after.cash, position: after.position ?? undefined };
  }
  return steps;
};
const last = (steps: readonly Step[]): Step => steps.at(-1) as Step;
const total = (values: readonly Money[]): Money => money.add(...values);

const micro = fc.bigInt(1n, 2_000_000_000n);
const shares = fc.oneof(
  fc.bigInt(1n, 5n * 10n ** 12n),
  fc.bigInt(1n, 1_000n).map((whole) => whole * 10n ** 9n),
  fc.bigInt(1n, 50n),
);
const anyFill: fc.Arbitrary<Fill> = fc.record({
  symbol: fc.constant(symbol),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: shares.map((units) => units as Quantity),
  price: micro.map((units) => units as Price),
  fees: fc.bigInt(0n, 5_000_000n).map((units) => units as Money),
});
const anyFills = fc.array(anyFill, { minLength: 1, maxLength: 30 });

/** The same fills with one more that leaves the account flat. */
const flattened = (fills: readonly Fill[]): readonly Fill[] => {
  const held = fills.reduce((sum, fill) => sum + signed(fill), 0n);
  if (held === 0n) return fills;
  const side = held > 0n ? ('sell' as const) : ('buy' as const);
  const closing = { ...(fills[0] as Fill), side, quantity: (held > 0n ? held : -held) as Quantity };
  return [...fills, closing];
};

describe('conservation', () => {
  test('cash and cost change by nothing but what is realised and the fees', () => {
    fc.assert(
      fc.property(anyFills, (fills) => {
        let before = money.of('100000');
        for (const { fill, cash, position, realizedPnl } of book(fills)) {
          const after = money.add(cash, position?.cost ?? money.zero);
          expect(after).toBe(money.subtract(money.add(before, realizedPnl), fill.fees));
          before = after;
        }
      }),
      runs,
    );
  });

  test('once flat, realised P&L is what came in less what went out, to the micro-dollar', () => {
    fc.assert(
      fc.property(anyFills, (some) => {
        const fills = flattened(some);
        const steps = book(fills, money.zero);
        const flows = fills.map(({ side, price: each, quantity: units }) =>
          side === 'buy'
            ? money.negate(notional(each, units, 'up'))
            : notional(each, units, 'down'),
        );
        expect(last(steps).position).toBeNull();
        expect(total(steps.map((step) => step.realizedPnl))).toBe(total(flows));
        expect(last(steps).cash).toBe(
          money.subtract(total(flows), total(fills.map((fill) => fill.fees))),
        );
      }),
      runs,
    );
  });

  test('the quantity held is the sum of the fills, and cost has its sign', () => {
    fc.assert(
      fc.property(anyFills, (fills) => {
        let held = 0n;
        for (const { fill, position } of book(fills)) {
          held += signed(fill);
          expect(position?.quantity ?? 0n).toBe(held);
          if (position === null) continue;
          expect(position.averagePrice).toBeGreaterThanOrEqual(0n);
          expect(held > 0n ? position.cost : -position.cost).toBeGreaterThanOrEqual(0n);
        }
      }),
      runs,
    );
  });

  test('fees take themselves from the cash and change nothing else', () => {
    fc.assert(
      fc.property(anyFills, (fills) => {
        const free = book(fills.map((fill) => ({ ...fill, fees: money.zero })));
        const paid = book(fills);
        let fees = money.zero;
        for (const [n, step] of paid.entries()) {
          fees = money.add(fees, step.fill.fees);
          expect(step.position).toEqual(free[n]?.position);
          expect(step.realizedPnl).toBe(free[n]?.realizedPnl);
          expect(money.add(step.cash, fees)).toBe(free[n]?.cash);
        }
      }),
      runs,
    );
  });

  test('a fill in parts leaves the same position, and at most a micro-dollar less for each part', () => {
    const parts = fc.array(shares, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyFills, anyFill, parts, (earlier, { side, price: each }, sizes) => {
        const one = (units: bigint): Fill => ({
          symbol,
          side,
          price: each,
          quantity: units as Quantity,
          fees: money.zero,
        });
        const whole = book([...earlier, one(sizes.reduce((sum, size) => sum + size, 0n))]);
        const split = book([...earlier, ...sizes.map(one)]);
        const lost = money.subtract(last(whole).cash, last(split).cash);
        expect(lost).toBeGreaterThanOrEqual(0n);
        expect(lost).toBeLessThan(BigInt(sizes.length));
        expect(last(split).position?.quantity).toBe(last(whole).position?.quantity);
      }),
      runs,
    );
  });

  test('reducing a position moves the price paid for the rest by no more than its rounding', () => {
    fc.assert(
      fc.property(anyFill, fc.bigInt(1n, 10n ** 9n), (opening, share) => {
        const closed = (opening.quantity * share) / 10n ** 9n;
        fc.pre(closed > 0n && closed < opening.quantity);
        const side = opening.side === 'buy' ? ('sell' as const) : ('buy' as const);
        const [opened, reduced] = book([
          opening,
          { ...opening, side, quantity: closed as Quantity },
        ]);
        const [before, after] = [opened?.position, reduced?.position] as [
          PositionState,
          PositionState,
        ];
        // Cost per share differs by at most half a micro-dollar of cost, spread over what is left.
        const drift = after.cost * before.quantity - before.cost * after.quantity;
        const size = drift < 0n ? -drift : drift;
        const held = before.quantity < 0n ? -before.quantity : before.quantity;
        expect(size * 2n).toBeLessThanOrEqual(held);
      }),
      runs,
    );
  });

  test('a thousand round trips of awkward fractions drift by nothing', () => {
    const trip = [fillOf('buy', '0.333333333', '101.37'), fillOf('sell', '0.333333333', '101.37')];
    const steps = book(Array.from({ length: 1_000 }, () => trip).flat());
    // Each trip is worth 33.789999966 dollars: paid as 33.79, received as 33.789999.
    expect(money.format(last(steps).cash)).toBe('99999.999');
    expect(money.format(total(steps.map((step) => step.realizedPnl)))).toBe('-0.001');
  });
});

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

import { money, notional, type Quantity } from '@sentinel/contracts/kernel';
import type { PositionState } from '@sentinel/contracts/portfolio';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import type { Fill } from './ledger.ts';
import {
  anyFill,
  anyFills,
  book,
  fillOf,
  last,
  shares,
  signed,
  symbol,
  total,
} from './test-books.ts';

const runs = { numRuns: propertyRuns(1_000) };

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

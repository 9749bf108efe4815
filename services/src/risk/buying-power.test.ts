import { type Money, money, type Price, price, quantity } from '@sentinel/contracts/kernel';
import { buyingPower, markToMarket } from '@sentinel/contracts/portfolio';
import type { Reservation, RiskLimits } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { exposureOf } from './account.ts';
import { creditThreshold } from './checks/account-limits.ts';
import { addedExposure } from './checks/exposure.ts';
import {
  buy,
  held,
  marginLimits,
  markAt,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  ordinaryLimits,
} from './fixtures.ts';

/** An account with so much cash, so many shares of NVDA at 100 dollars, and so much set aside. */
const standing = (of: { cash: Money; shares: number; reserved: Money; limits: RiskLimits }) => {
  const { cash, shares, reserved, limits } = of;
  const reservation: Reservation = {
    symbol: nvda,
    side: 'buy',
    leavesQuantity: quantity.fromShares(1),
    limitPrice: null,
    reservedCash: reserved,
    unresolved: false,
  };
  const account = ordinaryAccount({
    cash,
    positions: shares === 0 ? [] : [held(nvda, shares, '100')],
    reservations: [reservation],
  });
  const facts = ordinaryFacts({ marks: [markAt(nvda, '100')], estimatedFees: money.zero });
  const value = markToMarket({ quantity: quantity.fromShares(shares) }, price.of('100'));
  const power = buyingPower({
    cash,
    reserved,
    equity: money.add(cash, value),
    gross: money.absolute(value),
    initialBps: limits.margin?.initialBps ?? null,
  });
  /** Whether the check lets an order of exactly this value pass. */
  const passes = (needed: Money): boolean => {
    const limitPrice = needed as bigint as Price;
    const intent = buy(1, { orderType: 'limit', limitPrice });
    const exposure = exposureOf(account, facts);
    const added = addedExposure({ intent, facts, limits });
    const finding = creditThreshold.find({
      ...{ intent, facts, limits, account, exposure, added },
      reducing: false,
    });
    return finding.kind === 'measured' && finding.passes;
  };
  return { power, passes };
};

describe('buying power', () => {
  test('is exactly what the credit check lets pass, to the micro-dollar', () => {
    const dollars = fc.integer({ min: -50_000_000_000, max: 200_000_000_000 });
    fc.assert(
      fc.property(
        fc.tuple(dollars, fc.integer({ min: -900, max: 900 }), fc.nat(9_000_000_000)),
        fc.constantFrom(ordinaryLimits, marginLimits),
        ([cash, shares, reserved], limits) => {
          const { power, passes } = standing({
            ...{ cash: BigInt(cash) as Money, shares, limits },
            reserved: BigInt(reserved) as Money,
          });
          if (power > 0n) expect(passes(power)).toBe(true);
          expect(passes((power + 1n) as Money)).toBe(false);
        },
      ),
      { numRuns: propertyRuns(500) },
    );
  });

  test('is what equity is where a position need bring nothing', () => {
    const of = { cash: money.of('500'), shares: 10, reserved: money.zero };
    const margin = { initialBps: 0, maintenanceBps: 3_000, shortMarkBps: 10_300 };
    expect(standing({ ...of, limits: { ...marginLimits, margin } }).power).toBe(money.of('1500'));
  });

  test.each([
    ['cash alone', ordinaryLimits, '100000', 0, '0', '100000'],
    ['cash less what is reserved', ordinaryLimits, '60000', 400, '10000', '50000'],
    ['never less than nothing', ordinaryLimits, '100', 0, '200', '0'],
    ['twice the excess', marginLimits, '100000', 0, '0', '200000'],
    ['less what is held', marginLimits, '60000', 400, '0', '160000'],
    ['less a short sale, whose cash is no equity', marginLimits, '140000', -400, '0', '160000'],
    ['less what works', marginLimits, '100000', 0, '40000', '160000'],
    ['nothing when the excess is used up', marginLimits, '-50000', 900, '0', '0'],
  ])('is %s', (_, limits, cash, shares, reserved, power) => {
    const of = { cash: money.of(cash), reserved: money.of(reserved), shares, limits };
    expect(money.format(standing(of).power)).toBe(money.format(money.of(power)));
  });
});

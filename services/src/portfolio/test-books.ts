import {
  type Money,
  money,
  type Price,
  price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import fc from 'fast-check';
import { applyFill, type Fill } from './ledger.ts';

export const symbol = 'NVDA' as Ticker;

export const fillOf = (side: Fill['side'], shares: string, each: string): Fill => ({
  symbol,
  side,
  quantity: quantity.of(shares),
  price: price.of(each),
  fees: money.zero,
});

export const signed = (fill: Fill): bigint =>
  fill.side === 'buy' ? fill.quantity : -fill.quantity;

type Step = {
  readonly fill: Fill;
  readonly cash: Money;
  readonly position: PositionState | null;
  readonly realizedPnl: Money;
};

/** Books fills one after another, from flat and `cash`. */
export const book = (fills: readonly Fill[], cash: Money = money.of('100000')): readonly Step[] => {
  const steps: Step[] = [];
  let books: { cash: Money; position: PositionState | undefined } = { cash, position: undefined };
  for (const fill of fills) {
    const after = applyFill(books, fill);
    steps.push({ fill, ...after });
    books = { cash: after.cash, position: after.position ?? undefined };
  }
  return steps;
};
export const last = (steps: readonly Step[]): Step => steps.at(-1) as Step;
export const total = (values: readonly Money[]): Money => money.add(...values);

export const micro = fc.bigInt(1n, 2_000_000_000n);
export const shares = fc.oneof(
  fc.bigInt(1n, 5n * 10n ** 12n),
  fc.bigInt(1n, 1_000n).map((whole) => whole * 10n ** 9n),
  fc.bigInt(1n, 50n),
);
export const anyFill: fc.Arbitrary<Fill> = fc.record({
  symbol: fc.constant(symbol),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: shares.map((units) => units as Quantity),
  price: micro.map((units) => units as Price),
  fees: fc.bigInt(0n, 5_000_000n).map((units) => units as Money),
});
export const anyFills = fc.array(anyFill, { minLength: 1, maxLength: 30 });

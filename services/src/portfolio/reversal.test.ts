import { money } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { applyFill, type BookedFill, type Books, reverseFill } from './ledger.ts';
import { anyFills, fillOf, signed } from './test-books.ts';

const runs = { numRuns: propertyRuns(1_000) };
const start: Books = { cash: money.of('100000'), position: undefined };
const worth = ({ cash, position }: Books) => money.add(cash, position?.cost ?? money.zero);

const bookAll = (fills: readonly ReturnType<typeof fillOf>[]) => {
  let books = start;
  const booked: BookedFill[] = [];
  for (const fill of fills) {
    const after = applyFill(books, fill);
    booked.push({ ...fill, realizedPnl: after.realizedPnl });
    books = { cash: after.cash, position: after.position ?? undefined };
  }
  return { books, booked };
};

describe('a fill that is taken out again', () => {
  test('at once leaves the books as they were before it', () => {
    fc.assert(
      fc.property(anyFills, (fills) => {
        const before = bookAll(fills.slice(0, -1)).books;
        const { books, booked } = bookAll(fills);
        const fill = booked.at(-1) as BookedFill;
        const after = reverseFill(books, fill);
        expect(after.cash).toBe(before.cash);
        expect(after.position?.quantity).toBe(before.position?.quantity);
        expect(after.position?.cost).toBe(before.position?.cost);
        expect(after.realizedPnl).toBe(money.negate(fill.realizedPnl));
      }),
      runs,
    );
  });

  test('whenever it is, conserves cash and shares, and the cost keeps its sign', () => {
    fc.assert(
      fc.property(anyFills, fc.array(fc.nat(29), { maxLength: 10 }), (fills, picks) => {
        const booked = bookAll(fills);
        let { books } = booked;
        let held = fills.reduce((sum, fill) => sum + signed(fill), 0n);
        for (const n of new Set(picks)) {
          const fill = booked.booked[n];
          if (fill === undefined) continue;
          const after = reverseFill(books, fill);
          const now = { cash: after.cash, position: after.position ?? undefined };
          held -= signed(fill);
          expect(now.position?.quantity ?? 0n).toBe(held);
          expect(worth(now)).toBe(money.add(worth(books), after.realizedPnl, fill.fees));
          if (now.position !== undefined) {
            expect(held > 0n ? now.position.cost : -now.position.cost).toBeGreaterThanOrEqual(0n);
            expect(now.position.averagePrice).toBeGreaterThanOrEqual(0n);
          }
          books = now;
        }
      }),
      runs,
    );
  });

  test('after all others are taken out too, leaves nothing but the cash of the beginning', () => {
    fc.assert(
      fc.property(anyFills, (fills) => {
        const { books: all, booked } = bookAll(fills);
        const books = booked.reduce<Books>((now, fill) => {
          const { cash, position } = reverseFill(now, fill);
          return { cash, position: position ?? undefined };
        }, all);
        expect(books).toEqual(start);
      }),
      runs,
    );
  });

  test('leaves what was bought beside it at the price that was paid for that', () => {
    const { books, booked } = bookAll([fillOf('buy', '10', '100'), fillOf('buy', '10', '110')]);
    const after = reverseFill(books, booked[0] as BookedFill);
    expect(after).toMatchObject({
      cash: money.of('98900'),
      position: { cost: money.of('1100') },
      realizedPnl: 0n,
    });
  });
});

import type { Execution } from '@sentinel/contracts/execution';
import type { Quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { versionedMap } from '../../kernel/index.ts';
import { secondOf, type TradedLog, tradedSince, withTraded } from './traded.ts';

const symbols = ['AAPL', 'NVDA'] as Ticker[];
const sides = ['buy', 'sell'] as const;

const fill = fc.record({
  symbol: fc.constantFrom(...symbols),
  side: fc.constantFrom(...sides),
  lastQuantity: fc.integer({ min: 1, max: 1_000 }).map((shares) => BigInt(shares) as Quantity),
  afterMs: fc.constantFrom(0, 0, 1, 2, 998, 1_000, 2_500),
});

test('what was traded since a moment is the sum of the executions since, wherever they lie', () => {
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 40 }), fc.nat(10), (fills, later) => {
      let log: TradedLog = versionedMap();
      let nowMs = 0;
      const executed = fills.map(({ afterMs, ...each }) => {
        nowMs += afterMs;
        const at = Temporal.Instant.fromEpochMilliseconds(nowMs);
        return { ...each, at } as Execution;
      });
      for (const each of executed) log = withTraded(log, each);
      const moments = executed.map(({ at }) => at.epochMilliseconds);
      const asked = [0, ...moments, ...moments.map(secondOf), nowMs + later];
      for (const sinceMs of asked)
        for (const symbol of symbols)
          for (const side of sides) {
            const total = executed
              .filter((each) => each.symbol === symbol && each.side === side)
              .filter(({ at }) => at.epochMilliseconds >= sinceMs)
              .reduce((sum, { lastQuantity }) => sum + lastQuantity, 0n);
            expect(tradedSince(log, { symbol, side }, sinceMs)).toBe(total);
          }
    }),
  );
});

test('a second begins with its first millisecond, whatever the moment in it', () => {
  expect([0, 999, 1_000, 1_999, 2_000].map(secondOf)).toEqual([0, 0, 1_000, 1_000, 2_000]);
});

import type { LogPosition } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionKey } from './positions.ts';

const position = fc.oneof(
  fc.bigInt({ min: 0n, max: 2_000n }),
  fc.bigInt({ min: 0n, max: 10n ** 39n - 1n }),
);

test('keys sort as positions do, from one digit to the thirty-nine of EventStoreDB', () => {
  fc.assert(
    fc.property(position, position, (a, b) => {
      const [one, other] = [positionKey(a as LogPosition), positionKey(b as LogPosition)];
      expect(one < other).toBe(a < b);
      expect(one === other).toBe(a === b);
      expect(one).toMatch(/^\d+$/);
    }),
  );
});

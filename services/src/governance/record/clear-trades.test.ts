import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { dateOf, sessionsOf, wishArbitrary } from './test-story.ts';
import { accountRecord } from './trades.ts';

test('what is clear in the last sessions is told as it would be with all of them', () => {
  let told = 0;
  let left = 0;
  const stories = fc.array(fc.array(wishArbitrary, { maxLength: 6 }), {
    minLength: 2,
    maxLength: 7,
  });
  fc.assert(
    fc.property(stories, (days) => {
      const sessions = sessionsOf(days);
      const all = accountRecord('paper', sessions);
      for (let first = 1; first < sessions.length; first++) {
        const { trades, unclearUntil: until } = accountRecord('paper', sessions.slice(first));
        const isClear = ({ closedAt }: { readonly closedAt: Temporal.Instant }) =>
          until === null || Temporal.Instant.compare(until, closedAt) < 0;
        const late = all.trades.filter(
          (trade) => trade.closedOn >= dateOf(first) && isClear(trade),
        );
        expect(trades.filter(isClear)).toEqual(late);
        told += late.length;
        left += trades.length - late.length;
      }
    }),
    { numRuns: propertyRuns(500) },
  );
  expect(told).toBeGreaterThan(100);
  expect(left).toBeGreaterThan(100);
});

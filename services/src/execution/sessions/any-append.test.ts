import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyPatienceMs, propertyRuns } from '../../kernel/test-property-runs.ts';
import { anyLife, ofCash, ofMargin } from '../test-kit/any-sessions.ts';
import { fateOf } from '../test-kit/fate.ts';
import { livedSessions, type Way } from '../test-kit/lived-sessions.ts';

/** How a process meets its ends: once at one append, or at each that it makes. */
const anyDeath = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      pick: fc.nat(10_000),
      moment: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant('each' as const) },
);
type Death = typeof anyDeath extends fc.Arbitrary<infer Value> ? Value : never;

const diesBy = (death: Death, appends: number): NonNullable<Way['dies']> => {
  if (death === 'each') return () => 'after';
  const nth = 1 + (death.pick % appends);
  return (append) => (append === nth ? death.moment : undefined);
};

describe('a process that ends before or after any append, and a new one that goes on', () => {
  test(
    'have the same sessions, fills and books as one that lived through',
    async () => {
      let fills = 0;
      const lives = anyLife(fc.oneof(ofCash, ofMargin));
      await fc.assert(
        fc.asyncProperty(lives, anyDeath, async (life, death) => {
          const unharmed = await livedSessions(life, { everySeconds: 60 });
          const dies = diesBy(death, unharmed.appends);
          const harmed = await livedSessions(life, { everySeconds: 60, dies });
          expect(fateOf(harmed)).toEqual(fateOf(unharmed));
          fills += unharmed.sessions.flat().filter(({ type }) => type === 'OrderFilled').length;
        }),
        { numRuns: propertyRuns(20) },
      );
      expect(fills).toBeGreaterThan(propertyRuns(20) / 3);
    },
    propertyPatienceMs(200),
  );
});

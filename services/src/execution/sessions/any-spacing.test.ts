import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyPatienceMs, propertyRuns } from '../../kernel/test-property-runs.ts';
import { anyLife, minutesEach, ofCash, ofMargin } from '../test-kit/any-sessions.ts';
import { fateOf } from '../test-kit/fate.ts';
import { livedSessions } from '../test-kit/lived-sessions.ts';

const sessionSeconds = minutesEach * 60;
/** A second, less and more than a minute's bar, a session, three sessions. */
const anySpacing = fc.oneof(
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 19, arbitrary: fc.constantFrom(17, 97, sessionSeconds, 3 * sessionSeconds) },
);

describe('over several sessions, the same quotes', () => {
  test(
    'give the same sessions, fills and books however far apart the looks, with restarts between',
    async () => {
      let fills = 0;
      const lives = anyLife(
        fc.oneof(ofCash, ofMargin),
        fc.constantFrom('quotes', 'quotes', 'quotes', 'bars'),
      );
      await fc.assert(
        fc.asyncProperty(lives, anySpacing, fc.boolean(), async (life, everySeconds, restarts) => {
          const closely = await livedSessions(life, { everySeconds: 60 });
          const seldom = await livedSessions(life, {
            everySeconds,
            restarts: restarts && everySeconds > 1,
          });
          expect(fateOf(seldom)).toEqual(fateOf(closely));
          fills += closely.sessions.flat().filter(({ type }) => type === 'OrderFilled').length;
        }),
        { numRuns: propertyRuns(12) },
      );
      expect(fills).toBeGreaterThan(propertyRuns(12) / 3);
    },
    propertyPatienceMs(200),
  );
});

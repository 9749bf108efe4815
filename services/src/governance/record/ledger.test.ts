import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { emptyLedger, from, withSession } from './ledger.ts';
import type { SessionRecord } from './session-record.ts';
import { dateOf, sessionsOf, wishArbitrary } from './test-story.ts';
import { accountRecord } from './trades.ts';

const readerOf =
  (sessions: readonly SessionRecord[]) =>
  async ({ stream }: Pick<SessionRecord, 'stream'>) => {
    const found = sessions.find((session) => session.stream === stream);
    if (found === undefined) throw new Error(`${stream} is gone`);
    return found;
  };

const ledgerOf = async (sessions: readonly SessionRecord[]) => {
  const read = readerOf(sessions);
  let ledger = emptyLedger;
  for (const session of sessions) ledger = await withSession(ledger, session, read);
  return ledger;
};

const inAnyOrder = <Of extends { readonly date: string; readonly strategyId: string }>(
  all: readonly Of[],
) => all.map((each) => JSON.stringify(Object.values(each).map(String))).sort();

const stories = fc.array(fc.array(wishArbitrary, { maxLength: 6 }), { minLength: 2, maxLength: 7 });

test('a ledger says session by session what all of them together say', async () => {
  let trades = 0;
  let together = 0;
  await fc.assert(
    fc.asyncProperty(stories, async (days) => {
      const sessions = sessionsOf(days);
      const all = accountRecord('paper', sessions);
      const { pieces } = await ledgerOf(sessions);
      expect(pieces.flatMap((piece) => piece.trades)).toEqual(all.trades);
      expect(pieces.flatMap((piece) => piece.realised)).toEqual(all.realised);
      expect(pieces.flatMap((piece) => piece.days)).toEqual(all.days);
      const ended = pieces.flatMap((piece) => piece.ended);
      expect(inAnyOrder(ended)).toEqual(inAnyOrder(all.ended));
      expect(pieces.at(-1)?.carried).toEqual(all.carried);
      trades += all.trades.length;
      together += sessions.length - pieces.length;
    }),
    { numRuns: propertyRuns(300) },
  );
  expect(trades).toBeGreaterThan(300);
  expect(together).toBeGreaterThan(30);
});

test('a ledger that has let go of its beginning says the same of what came after', async () => {
  let together = 0;
  await fc.assert(
    fc.asyncProperty(stories, fc.integer({ min: 1, max: 5 }), async (days, first) => {
      const sessions = sessionsOf(days);
      const whole = await ledgerOf(sessions);
      const kept = whole.pieces.findIndex((piece) => piece.sessions[0]?.date === dateOf(first));
      // What changes an execution of a session that is gone cannot be told: those stories are left out.
      fc.pre(kept !== -1);
      let ledger = from(await ledgerOf(sessions.slice(0, first + 1)), dateOf(first));
      expect(ledger.pieces.length).toBe(1);
      for (const session of sessions.slice(first + 1))
        ledger = await withSession(ledger, session, readerOf(sessions.slice(first)));
      expect(ledger.pieces).toEqual(whole.pieces.slice(kept));
      together += sessions.length - first - ledger.pieces.length;
    }),
    { numRuns: propertyRuns(300) },
  );
  expect(together).toBeGreaterThan(5);
});

import type { StreamName } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testDigest } from '../../execution/test-kit/test-desk.ts';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { replaySession } from './replay-session.ts';
import { anyDays, entriesOf } from './test-any-session.ts';

const digest = testDigest;
const stream = 'session-paper-2026-02-27' as StreamName;

describe('any day and the day after', () => {
  test('are equal when they are executed again', () => {
    fc.assert(
      fc.property(anyDays, ({ day, next }) => {
        const first = replaySession(entriesOf(day.events), { digest });
        expect(first.firstDifference).toBe(null);
        const previous = { stream, session: day.session() };
        const second = replaySession(entriesOf(next.events), { digest, previous });
        expect(second.firstDifference).toBe(null);
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('are decided again, but for what too little is recorded of', () => {
    const taken = new Map<string, number>();
    let decided = 0;
    for (const { day, next } of fc.sample(anyDays, { numRuns: 100, seed: 3 })) {
      const previous = { stream, session: day.session() };
      for (const replay of [
        replaySession(entriesOf(day.events), { digest }),
        replaySession(entriesOf(next.events), { digest, previous }),
      ]) {
        decided += replay.decidedAgain;
        for (const [type, count] of replay.taken) taken.set(type, (taken.get(type) ?? 0) + count);
      }
    }
    expect(decided).toBeGreaterThan(3_000);
    expect([...taken]).toEqual([]);
  });
});

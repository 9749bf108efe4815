import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steadyState } from './steady-state.ts';

/** Each number is the filtered probability of the second of two states. */
const after = (...second: readonly number[]) =>
  steadyState(
    { states: 2 },
    {
      filtered: Float64Array.from(second.flatMap((probability) => [1 - probability, probability])),
    },
  );

describe('the steady state', () => {
  test('begins with the likeliest, and counts the bars since', () => {
    expect(after(0.6)).toEqual({ state: 1, since: 1, probability: 0.6 });
    expect(after(0.1, 0.2, 0.1)).toMatchObject({ state: 0, since: 3 });
  });

  test('changes at once from 0.8 on', () => {
    expect(after(0.1, 0.1, 0.8)).toMatchObject({ state: 1, since: 1 });
    expect(after(0.1, 0.1, 0.79)).toMatchObject({ state: 0, since: 3 });
  });

  test('changes when another is the likeliest for the third bar in succession', () => {
    expect(after(0.1, 0.6, 0.6)).toMatchObject({ state: 0, since: 3 });
    expect(after(0.1, 0.6, 0.6, 0.6)).toMatchObject({ state: 1, since: 1 });
    expect(after(0.1, 0.6, 0.6, 0.4, 0.6, 0.6)).toMatchObject({ state: 0, since: 6 });
  });

  test('tells the probability of the state that it holds, even when another is likelier', () => {
    const { state, probability } = after(0.1, 0.7);
    expect(state).toBe(0);
    expect(probability).toBeCloseTo(0.3, 12);
  });

  test('changes rarer than the likeliest state does, and only to what is the likeliest then', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (second) => {
          let [changes, flips, held] = [0, 0, after(second[0]!).state];
          second.forEach((probability, t) => {
            const likeliest = probability > 0.5 ? 1 : 0;
            if (t > 0 && likeliest !== (second[t - 1]! > 0.5 ? 1 : 0)) flips++;
            const { state, since } = after(...second.slice(0, t + 1));
            expect(since).toBeLessThanOrEqual(t + 1);
            if (state === held) return;
            changes++;
            held = state;
            expect(state).toBe(likeliest);
            expect(since).toBe(1);
          });
          expect(changes).toBeLessThanOrEqual(flips);
        },
      ),
    );
  });
});

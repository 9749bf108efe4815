import { eventIdSchema } from '@sentinel/contracts/kernel';
import { newId, sha256 } from '@sentinel/infra/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivedId } from './derived-id.ts';

const of = (
  workflow: string,
  key: string,
  purpose: string,
  cause = '01a219f9-4acf-741b-bf61-7dcba46e6663',
) => derivedId(sha256, { workflow, key, cause, purpose });
const text = fc.string({ maxLength: 12 });

describe('a derived id', () => {
  test('is the same for the same origin, and looks like a UUIDv7 of the time of its cause', () => {
    fc.assert(
      fc.property(text, text, text, (workflow, key, purpose) => {
        const cause = newId();
        const id = of(workflow, key, purpose, cause);
        expect(of(workflow, key, purpose, cause)).toBe(id);
        expect(eventIdSchema.parse(id)).toBe(id);
        expect(id).toMatch(/^.{8}-.{4}-7.{3}-[89ab]/);
        expect(id.slice(0, 13)).toBe(cause.slice(0, 13));
      }),
    );
  });

  test('is another for another origin, also where the words only fall apart differently', () => {
    fc.assert(
      fc.property(fc.tuple(text, text, text), fc.tuple(text, text, text), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(of(...one)).not.toBe(of(...other));
      }),
    );
    expect(of('a', 'bc', 'd')).not.toBe(of('ab', 'c', 'd'));
    expect(of('a', 'b', 'c', newId())).not.toBe(of('a', 'b', 'c', newId()));
  });

  test('of the clock goes by the instant that was due, and stays what it was in the last release', () => {
    const cause = Temporal.Instant.from('2026-11-27T14:30:00Z');
    const id = derivedId(sha256, { workflow: 'roller', key: 'paper', cause, purpose: 'open' });
    expect(id).toBe('01a21d69-c240-7d99-a563-bc570d3b682c');
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(cause.epochMilliseconds);
  });

  test('of a text that is no id is a bug', () => {
    expect(() => of('a', 'b', 'c', 'session-paper')).toThrow(RangeError);
  });
});

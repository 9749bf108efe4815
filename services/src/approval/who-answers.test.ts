import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSamePerson } from './who-answers.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9 ._-]{0,20}[a-z0-9]$/);
const kind = fc.constantFrom('local', 'human');
/** The same name as another keyboard or another log-in would write it. */
const spelling = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => ` ${text} `,
  (text) => text.replace(/ +/g, '  '),
  (text) => text.replace('a', '\uff41'),
);

describe('four eyes', () => {
  test('see one person, whatever the kind and the spelling in which the two came', () => {
    fc.assert(
      fc.property(name, kind, kind, spelling, (who, a, b, spelt) => {
        expect(isSamePerson(`${a}:${who}`, `${b}:${spelt(who)}`)).toBe(true);
        expect(isSamePerson(`${b}:${spelt(who)}`, `${a}:${who}`)).toBe(true);
      }),
    );
  });

  test('see two persons where the names differ, and none in a program or a key', () => {
    fc.assert(
      fc.property(name, name, kind, kind, (who, other, a, b) => {
        const one = (text: string) => text.replace(/ +/g, ' ');
        fc.pre(one(who) !== one(other));
        expect(isSamePerson(`${a}:${who}`, `${b}:${other}`)).toBe(false);
        expect(isSamePerson(`${a}:${who}`, `agent:${who}`)).toBe(false);
        expect(isSamePerson(`${a}:${who}`, `operator-key:${who}`)).toBe(false);
      }),
    );
  });
});

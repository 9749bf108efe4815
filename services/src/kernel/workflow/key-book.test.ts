import { beforeAll, type LogPosition, type RecordedEvent } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../test-property-runs.ts';
import { keyBook } from './key-book.ts';
import { called, failed, retried, settled } from './key-entry.ts';

const actions = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        act: fc.constant('event'),
        key: fc.constantFrom('a', 'b', 'c', undefined),
      }),
    },
    { weight: 4, arbitrary: fc.record({ act: fc.constant('begin'), key: fc.constant(undefined) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constantFrom('succeed', 'again', 'fail', 'call', 'retry'),
        key: fc.constantFrom('a', 'b', 'c'),
      }),
    },
  ),
  { maxLength: 120 },
);

test('whatever comes in which order, the checkpoint passes nothing that no step has covered, and forgets no clock', () => {
  fc.assert(
    fc.property(actions, (sequence) => {
      const book = keyBook(beforeAll);
      /** Events that no step has covered, and those that the step under way of a key covers. */
      const open = new Map<bigint, string>();
      const under = new Map<string, readonly bigint[]>();
      const clock = new Set<string>();
      let position = 0n;
      const end = (key: string, well: boolean, again: boolean) => {
        if (!well) book.put(key, failed(book.current(key)));
        else {
          book.put(key, settled(book.current(key), again));
          for (const each of under.get(key) ?? []) open.delete(each);
          if (again) clock.add(key);
          else clock.delete(key);
        }
        under.delete(key);
      };
      for (const { act, key } of sequence) {
        if (act === 'event') {
          position += 3n;
          if (key !== undefined) open.set(position, key);
          book.read({ logPosition: position as LogPosition } as RecordedEvent, key, 0);
        } else if (act === 'begin') {
          const next = book.begin();
          if (next === undefined) continue;
          expect(under.has(next.key)).toBe(false);
          under.set(
            next.key,
            [...open].filter(([, of]) => of === next.key).map(([at]) => at),
          );
        } else if (key !== undefined && under.has(key) && act !== 'call' && act !== 'retry')
          end(key, act !== 'fail', act === 'again');
        else if (key !== undefined && book.has(key)) {
          const entry = book.current(key);
          if (act === 'call') book.put(key, called(entry));
          if (act === 'retry' && entry.state === 'failing') book.put(key, retried(entry));
        }
        const { logPosition: saved, keys } = book.checkpoint();
        const first = [...open.keys()].reduce((a, b) => (a < b ? a : b), position + 3n);
        expect(saved).toBe(first - 3n);
        expect(new Set(keys)).toEqual(clock);
        expect(book.unsettledKeys()).toBe(new Set(open.values()).size);
      }
      // Whatever waits is stepped in the end.
      for (const key of under.keys()) end(key, true, false);
      for (const key of ['a', 'b', 'c'])
        if (book.has(key) && book.current(key).state === 'failing')
          book.put(key, retried(book.current(key)));
      for (let next = book.begin(); next !== undefined; next = book.begin())
        book.put(next.key, settled(book.current(next.key), false));
      expect(book.checkpoint().logPosition).toBe(position);
    }),
    { numRuns: propertyRuns(500) },
  );
});

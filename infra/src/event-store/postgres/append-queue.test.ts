import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  freshStream,
  sampleEvent,
  sampleEvents,
} from '../../contract-tests/event-store/samples.ts';
import { encodeAppend } from '../append-request.ts';
import { appendQueue, type PendingAppend } from './append-queue.ts';

const unheard = () => undefined;
const pending = (events: ReturnType<typeof sampleEvents>): PendingAppend => ({
  request: encodeAppend(freshStream(), events, 'any'),
  resolve: unheard,
  reject: unheard,
});

test('batches keep the order, hold at most 500 events, and name no event twice', () => {
  const again = Array.from({ length: 4 }, () => sampleEvent());
  const append = fc.oneof(
    fc.constantFrom(1, 40, 260, 500).map(sampleEvents),
    fc.subarray(again, { minLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(append, { maxLength: 30 }), (appends) => {
      const queue = appendQueue();
      const offered = appends.map(pending);
      for (const one of offered) expect(queue.offer(one)).toBe(true);
      const taken: PendingAppend[] = [];
      while (queue.size() > 0) {
        const batch = queue.takeBatch();
        const ids = batch.flatMap(({ request }) => request.events.map(({ id }) => id));
        expect(ids.length).toBeGreaterThan(0);
        expect(ids.length).toBeLessThanOrEqual(500);
        expect(new Set(ids).size).toBe(ids.length);
        taken.push(...batch);
      }
      expect(taken).toEqual(offered);
    }),
    { numRuns: 50 },
  );
});

test('takes no more than 64 MiB', () => {
  const queue = appendQueue();
  const large = pending([sampleEvent('x'.repeat(1_000_000))]);
  const taken = Array.from({ length: 100 }, () => queue.offer(large));
  expect(taken.filter(Boolean)).toHaveLength(67);
  expect(taken.lastIndexOf(true)).toBe(66);
  queue.takeBatch();
  expect(queue.offer(large)).toBe(true);
});

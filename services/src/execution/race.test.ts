import { type EventStore, quantity, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext, testDesk, tuesdayNoon } from './test-desk.ts';

/** Every call of the store waits for its turn in an order that the seed chooses. */
const scheduled = (store: EventStore, scheduler: fc.Scheduler): EventStore => ({
  ...store,
  appendToStream: (...call) =>
    scheduler.schedule(Promise.resolve()).then(() => store.appendToStream(...call)),
  readStream: (...call) =>
    scheduler.schedule(Promise.resolve()).then(() => store.readStream(...call)),
});

const busy = {
  maxConcurrentPositions: 10,
  maxGrossExposureBps: 100_000,
  maxMessagesPerSecond: 1000,
  maxMessagesPerMinute: 1000,
  maxMessagesPerDay: 1000,
};

const session = streamName('session', 'paper-2026-03-03');
const tickerOf = (n: number) => `T${n}` as Ticker;
const submittedIn = async (store: EventStore) =>
  (await store.readStream(session)).filter(({ type }) => type === 'OrderSubmitted');

describe('orders that race', () => {
  test('pass exactly as often as the limit admits, whatever the interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = memoryEventStore({ now: () => tuesdayNoon });
        const left = testDesk(scheduled(store, scheduler), { limits: busy, ids: '018a' });
        const right = testDesk(scheduled(store, scheduler), { limits: busy, ids: '018b' });
        await scheduler.waitFor(left.open(left.limits));
        const placed = Array.from({ length: 200 }, (_, n) =>
          (n % 2 === 0 ? left : right).order({ symbol: tickerOf(n), qty: quantity.fromShares(1) }),
        );
        const outcomes = await scheduler.waitFor(Promise.all(placed));
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10);
        expect(
          new Set(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.refusal.code))),
        ).toEqual(new Set(['ok', 'MAX_POSITIONS']));
        expect(await submittedIn(store)).toHaveLength(10);
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  test('find none passing once a halt is acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 0, max: 40 }),
        async (scheduler, ordersBefore) => {
          const store = memoryEventStore({ now: () => tuesdayNoon });
          const limits = { ...busy, maxConcurrentPositions: 1000 };
          const left = testDesk(scheduled(store, scheduler), { limits, ids: '018a' });
          const right = testDesk(scheduled(store, scheduler), { limits, ids: '018b' });
          await scheduler.waitFor(left.open(left.limits));
          let lastVersion = -1;
          const place = (n: number) =>
            right.order({ symbol: tickerOf(n), qty: quantity.fromShares(1) });
          const before = Array.from({ length: ordersBefore }, (_, n) => place(n));
          const halted = left.handlers
            .EngageHalt({ scope: 'global', reason: 'a race in a test' }, testContext)
            .then(async () => {
              lastVersion = (await store.readStream(session)).length - 1;
              return Promise.all(Array.from({ length: 20 }, (_, n) => place(100 + n)));
            });
          const racing = Array.from({ length: 20 }, (_, n) => place(50 + n));
          const [after] = await scheduler.waitFor(
            Promise.all([halted, Promise.all(before), Promise.all(racing)]),
          );
          expect(after.map((outcome) => (outcome.ok ? 'ok' : outcome.refusal.code))).toEqual(
            new Array(20).fill('KILL_STATE'),
          );
          for (const { version } of await submittedIn(store))
            expect(Number(version)).toBeLessThanOrEqual(lastVersion);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);
});

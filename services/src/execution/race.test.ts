import { type EventStore, quantity, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, lost, scheduled } from './test-kit/racing.ts';
import { stillMarket } from './test-kit/still-market.ts';
import { slowed, testContext, testDesk, tuesdayNoon } from './test-kit/test-desk.ts';

const one = quantity.fromShares(1);
/** Markets whose answers come at once, or each in an order that the seed chooses. */
const markets = [
  ['at once', false, () => stillMarket(tuesdayNoon)],
  [
    'in any order',
    true,
    (scheduler: fc.Scheduler) =>
      slowed(stillMarket(tuesdayNoon), 0, {
        wait: async () => void (await scheduler.schedule(Promise.resolve())),
      }),
  ],
] as const;

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

describe.each(markets)('orders that race, on a market that answers %s,', (_, mayLose, marketOf) => {
  test('pass exactly as often as the limit admits, whatever the interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = memoryEventStore({ now: () => tuesdayNoon });
        const busyDesk = (ids: string) =>
          testDesk(scheduled(store, scheduler), { limits: busy, ids, still: marketOf(scheduler) });
        const [left, right] = [busyDesk('018a'), busyDesk('018b')];
        await scheduler.waitFor(left.open(left.limits));
        const placed = Array.from({ length: 200 }, (_, n) =>
          codeOf((n % 2 === 0 ? left : right).order({ symbol: tickerOf(n), qty: one })),
        );
        const codes = await scheduler.waitFor(Promise.all(placed));
        expect(codes.filter((code) => code === 'ok')).toHaveLength(10);
        expect([...new Set(codes)].sort()).toEqual(
          codes.includes(lost) ? [lost, 'MAX_POSITIONS', 'ok'] : ['MAX_POSITIONS', 'ok'],
        );
        expect(codes.includes(lost) && mayLose === false).toBe(false);
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
          const busyDesk = (ids: string) =>
            testDesk(scheduled(store, scheduler), { limits, ids, still: marketOf(scheduler) });
          const [left, right] = [busyDesk('018a'), busyDesk('018b')];
          await scheduler.waitFor(left.open(left.limits));
          let lastVersion = -1;
          const place = (n: number) => codeOf(right.order({ symbol: tickerOf(n), qty: one }));
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
          const passed = after.filter(
            (code) => code !== 'KILL_STATE' && !(mayLose && code === lost),
          );
          expect(passed).toEqual([]);
          for (const { version } of await submittedIn(store))
            expect(Number(version)).toBeLessThanOrEqual(lastVersion);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);
});

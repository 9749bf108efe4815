import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  type Money,
  money,
  quantity,
  streamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { codeOf, lost, scheduled } from './test-kit/racing.ts';
import { testDesk, tuesdayNoon } from './test-kit/test-desk.ts';
import { contextBy, grantId, humanOver } from './test-kit/test-grants.ts';

const limits = {
  maxConcurrentPositions: 1000,
  maxGrossExposureBps: 100_000,
  maxMessagesPerSecond: 1000,
  maxMessagesPerMinute: 1000,
  maxMessagesPerDay: 1000,
};
const session = streamName('session', 'paper-2026-03-03');

/** What the log holds of orders and of changes of the grant, in its order. */
const storyOf = async (store: EventStore) =>
  (await store.readStream(session)).map((recorded) => ({
    version: Number(recorded.version),
    event: decodeEvent(sessionEvents, recorded),
  }));

/** Two gateways over one log, a client with a grant at both, and a human at the left one. */
const twoGateways = async (scheduler: fc.Scheduler, terms: { readonly maxDayValue: Money }) => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const deskOf = (ids: string) => testDesk(scheduled(store, scheduler), { limits, ids });
  const [left, right] = [deskOf('018a'), deskOf('018b')];
  const human = humanOver(left.grants);
  await scheduler.waitFor(left.open(left.limits).then(() => human.gives(terms)));
  const place = (n: number) =>
    codeOf(
      (n % 2 === 0 ? left : right).handlers.PlaceOrder(
        {
          ...({ side: 'buy', order_type: 'market', time_in_force: 'day' } as const),
          // One symbol, so that facts which were gathered for one order serve the next; no two are alike.
          ...{ symbol: 'NVDA' as Ticker, qty: quantity.of(`1.${1000 + n}`) },
        },
        contextBy(),
      ),
    );
  /** Waits for so many turns of whatever else is under way. */
  const after = async (turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await scheduler.schedule(Promise.resolve());
  };
  const places = (from: number, count: number, every = 0) =>
    Promise.all(
      Array.from({ length: count }, async (_, n) => {
        await after(n * every);
        return place(from + n);
      }),
    );
  // The session is open before anything races, and both gateways know it.
  await scheduler.waitFor(places(200, 2, 20));
  return { store, human, places, after };
};

test('no order passes once a revocation is acknowledged, at any of two gateways', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 40 }), async (scheduler, turns) => {
      const { store, human, places, after } = await twoGateways(scheduler, {
        maxDayValue: money.of('1000000'),
      });
      let last = -1;
      const revoked = after(turns)
        .then(human.revokes)
        .then(async (outcome) => {
          expect(outcome.ok).toBe(true);
          last = (await store.readStream(session)).length - 1;
          return places(100, 4);
        });
      const [codes] = await scheduler.waitFor(Promise.all([revoked, places(0, 16, 2)]));
      expect(codes.filter((code) => code !== 'AUTHORISED' && code !== lost)).toEqual([]);
      const passed = (await storyOf(store)).filter(({ event }) => event.type === 'OrderSubmitted');
      for (const { version } of passed) expect(version).toBeLessThanOrEqual(last);
      const types = (await storyOf(store)).map(({ event }) => event.type);
      expect(types.slice(types.indexOf('AccessAdopted'))).not.toContain('OrderSubmitted');
    }),
    { numRuns: propertyRuns(20) },
  );
}, 60_000);

test('orders never come to more than the grant of their moment allows, however they and its changes race', async () => {
  const changes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), changes, async (scheduler, values) => {
      const { store, human, places, after } = await twoGateways(scheduler, {
        maxDayValue: money.of('450'),
      });
      const changing = (async () => {
        for (const value of values) {
          await after(value % 20);
          await human.changes({ maxDayValue: money.of(`${value}`) });
        }
      })();
      await scheduler.waitFor(Promise.all([changing, places(0, 10, 2)]));
      let total = money.zero;
      let told = 1;
      let judgedBy: RiskFacts['grant'];
      for (const { event } of await storyOf(store)) {
        if (event.type === 'AccessAdopted') told = event.data.version;
        if (event.type === 'RiskAssessed') judgedBy = event.data.facts.grant;
        if (event.type !== 'OrderSubmitted') continue;
        expect(judgedBy?.version).toBeGreaterThanOrEqual(told);
        expect(event.data.granted?.grantId).toBe(grantId);
        total = money.add(total, event.data.granted?.value ?? money.zero);
        const most = judgedBy?.grant.maxDayValue ?? money.zero;
        expect(total <= most, `${money.format(total)} of ${money.format(most)}`).toBe(true);
      }
    }),
    { numRuns: propertyRuns(20) },
  );
}, 60_000);

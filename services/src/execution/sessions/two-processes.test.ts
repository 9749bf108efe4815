import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  EventStoreUnavailable,
  isBefore,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { stillMarket } from '../test-kit/still-market.ts';
import { guardStep, testContext, testDesk, testYes, tuesdayNoon } from '../test-kit/test-desk.ts';

const nvda = 'NVDA' as Ticker;
const session = 'session-paper-2026-03-03' as StreamName;
const { metadata } = testContext;
/** Ten minutes before the end of the session: a night is short for an order that rests. */
const lateTuesday = Temporal.Instant.from('2026-03-04T04:50:00Z');

const memory = () => memoryEventStore({ now: () => tuesdayNoon });
const typesIn = async (store: EventStore, stream: StreamName) =>
  (await store.readStream(stream)).map(({ type }) => type);
const controlOf = async (store: EventStore) =>
  (await store.readStream('control' as StreamName)).flatMap(({ type, data }) =>
    type.startsWith('Session') ? [`${type} ${(data as { date: string }).date}`] : [],
  );
/** What the control stream says of sessions that were lived through one after another, the last not to its end. */
const livedThrough = (...dates: readonly string[]) =>
  dates
    .flatMap((date) => [`SessionRegistered ${date}`, `SessionDeregistered ${date}`])
    .slice(0, -1);

describe('of two processes on one log', () => {
  test('the one that closes a session takes to the market what the other has placed in it', async () => {
    const store = memory();
    const still = stillMarket(lateTuesday);
    const one = testDesk(store, { still });
    const other = testDesk(store, { still, ids: '018f' });
    await one.open(one.limits);
    await one.sessions.current(metadata);
    // From here on the other knows of it, and of nothing that happens in it.
    await other.sessions.current(metadata);
    const limit = { order_type: 'limit', limit_price: price.of('99') } as const;
    await one.order({ symbol: nvda, qty: quantity.fromShares(10), ...limit });
    still.wait({ seconds: 1 });
    await one.routing.step(session);
    still.move({ bid: '98.5', ask: '98.52' });
    still.wait({ minutes: 1 });
    still.move({ bid: '100', ask: '100.02' });
    still.wait({ minutes: 10 });
    expect(await other.sessions.current(metadata)).toMatchObject({ ok: true });
    const types = await typesIn(store, session);
    expect(types).toContain('OrderFilled');
    expect(types).not.toContain('OrderExpired');
  });

  test('the guard of the one that comes late halts nothing that the other’s has, and a human released', async () => {
    const store = memory();
    const still = stillMarket(tuesdayNoon);
    const limits = { maxDailyDrawdownBps: 5 };
    const one = testDesk(store, { still, limits });
    const late = testDesk(store, { still, limits, ids: '018f' });
    await one.open(one.limits);
    await one.order({ symbol: nvda, qty: quantity.fromShares(40) });
    still.wait({ seconds: 1 });
    await one.routing.step(session);
    await late.sessions.load(session);
    await late.control.load();
    still.move({ bid: '98', ask: '98.02' });
    still.wait({ seconds: 40 });
    expect(await one.guard.watch(guardStep(session))).toEqual(['DAILY_LOSS']);
    const asked = { scope: 'account', reason: 'I have looked' } as const;
    const request = await one.handlers.RequestHaltRelease(asked, testContext);
    if (!request.ok) throw new Error(request.refusal.code);
    const { request_id: requestId } = request.value;
    const digest = (await one.approvals.find(requestId))?.digest ?? '';
    await one.approvals.answer({ requestId, digest, ...testYes }, metadata);
    const before = await typesIn(store, session);
    expect(before.at(-1)).toBe('HaltReleased');
    expect(await late.guard.watch(guardStep(session))).toEqual([]);
    expect(await typesIn(store, session)).toEqual(before);
    expect((await late.control.refresh()).halts).toEqual([]);
  });

  test('each session is lived through once, whoever comes first to which of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = memory();
        const still = stillMarket(tuesdayNoon);
        const first = testDesk(store, { still, ids: '018a' });
        await first.open(first.limits);
        await first.sessions.current(metadata);
        const scheduled: EventStore = {
          ...store,
          appendToStream: (...call) =>
            scheduler.schedule(Promise.resolve()).then(() => store.appendToStream(...call)),
          readStream: (...call) =>
            scheduler.schedule(Promise.resolve()).then(() => store.readStream(...call)),
        };
        const both = ['018b', '018c'].map((ids) => testDesk(scheduled, { still, ids }));
        const each = <Value>(work: (desk: ReturnType<typeof testDesk>) => Promise<Value>) =>
          scheduler.waitFor(Promise.all(both.map(work)));
        await each(({ sessions }) => sessions.current(metadata));
        still.wait({ hours: 3 * 24 });
        const rolled = await each(({ sessions }) => sessions.current(metadata));
        expect(rolled.map(({ ok }) => ok)).toEqual([true, true]);
        expect(await controlOf(store)).toEqual(
          livedThrough('2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'),
        );
        for (const day of [4, 5])
          expect(await typesIn(store, `session-paper-2026-03-0${day}` as StreamName)).toEqual([
            ...['SessionOpened', 'TradingEnabled', 'SessionClosed'],
          ]);
      }),
      { numRuns: propertyRuns(50) },
    );
  });

  test.each([
    ['in the same session', { minutes: 1 }, ['2026-03-03']],
    ['on the next day', { hours: 24 }, ['2026-03-03', '2026-03-04']],
    ['after days', { hours: 48 }, ['2026-03-03', '2026-03-04', '2026-03-05']],
  ])(
    'what the one began to open when it died the other opens to the end, %s',
    async (_, away, dates) => {
      for (let death = 1; death < 12; death++) {
        const store = memory();
        const still = stillMarket(tuesdayNoon);
        let appends = 0;
        const dying: EventStore = {
          ...store,
          appendToStream: async (...call) => {
            appends += 1;
            if (appends * 2 > death + 1) throw new EventStoreUnavailable('the process is dead');
            const appended = await store.appendToStream(...call);
            if (appends * 2 > death) throw new EventStoreUnavailable('the process died here');
            return appended;
          },
        };
        const one = testDesk(dying, { still });
        await one
          .open(one.limits)
          .then(() => one.sessions.current(metadata))
          .catch(() => undefined);
        still.wait(away);
        const other = testDesk(store, { still, ids: '018f' });
        await other.open(other.limits);
        expect(await other.sessions.current(metadata)).toMatchObject({ ok: true });
        const lived = await controlOf(store);
        const isBegun = lived[0] === livedThrough('2026-03-03')[0];
        expect(lived).toEqual(livedThrough(...(isBegun ? dates : dates.slice(-1))));
        const last = `session-paper-${dates.at(-1)}` as StreamName;
        expect(await typesIn(store, last)).toEqual(['SessionOpened', 'TradingEnabled']);
        for (const date of isBegun ? dates.slice(0, -1) : []) {
          const stream = `session-paper-${date}` as StreamName;
          const types = ['SessionOpened', 'TradingEnabled', 'SessionClosed'];
          expect(await typesIn(store, stream)).toEqual(types);
          for (const recorded of await store.readStream(stream)) {
            const { type, data } = decodeEvent(sessionEvents, recorded);
            if (type === 'SessionOpened' && data.endsAt !== null)
              expect(isBefore(data.at, data.endsAt)).toBe(true);
          }
        }
      }
    },
  );
});

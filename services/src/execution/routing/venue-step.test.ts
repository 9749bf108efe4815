import {
  sessionEvents,
  type Venue,
  type VenueReport,
  type VenueTerms,
  VenueUnavailable,
  type WorkingOrder,
} from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type OrderId,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { buy } from '../../risk/fixtures.ts';
import { paperVenue } from '../paper/paper-venue.ts';
import type { Session } from '../session/index.ts';
import { stillMarket } from '../test-kit/still-market.ts';
import { testContext, testDesk, testDigest, tuesdayNoon } from '../test-kit/test-desk.ts';
import { sendOrders } from './send-orders.ts';
import { lastVenueStep, recoverFromVenue, venueStep } from './venue-step.ts';

const stream = 'session-paper-2026-03-03' as StreamName;
const nvda = 'NVDA' as Ticker;
const ten = { symbol: nvda, qty: quantity.fromShares(10) };
const noFaultAtAll = {
  ...{ rejectBps: 0, timeoutBps: 0, duplicateFillBps: 0 },
  ...{ lateFillBps: 0, disconnectBps: 0 },
};
const noFaults = { rejectBps: 0, duplicateFillBps: 0, lateFillBps: 0, disconnectBps: 0 };

type Options = NonNullable<Parameters<typeof testDesk>[1]>;

/** A desk, and steps with the venue that a test makes of the paper one. */
const opened = async (
  options: Options = {},
  make: (paper: Venue<Session>) => Venue<Session> = (paper) => paper,
) => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  const still = options.still ?? stillMarket(tuesdayNoon);
  const desk = testDesk(eventStore, { ...options, still });
  await desk.open(desk.limits);
  const { market } = still;
  const venue = make(paperVenue({ market, digest: testDigest }));
  const step = (of = stream) =>
    venueStep(
      { sessions: desk.sessions, venue, now: market.now, metadata: () => testContext.metadata },
      of,
    );
  const placed = async (input: Parameters<typeof desk.order>[0] = ten) => {
    const answer = await desk.order(input);
    if (!answer.ok) throw new Error(answer.refusal.code);
    return answer.value.order.order_id;
  };
  const session = async (of = stream) => {
    const { state } = await desk.sessions.load(of);
    if (state.phase === 'unopened') throw new Error('not open');
    return state;
  };
  const status = async (orderId: OrderId, of = stream) =>
    (await session(of)).orders.get(orderId)?.status;
  const events = async () =>
    (await eventStore.readStream(stream)).map((recorded) => decodeEvent(sessionEvents, recorded));
  return { ...desk, eventStore, still, venue, step, placed, session, status, events };
};

describe('a quote', () => {
  /** A market whose quote stands still in time, as one does that nobody renews. */
  const standing = () => {
    const still = stillMarket(tuesdayNoon);
    let at = tuesdayNoon;
    const { quote } = still.market;
    Object.assign(still.market, {
      quote: async (symbol: Ticker) => {
        const now = await quote(symbol);
        return now === undefined ? undefined : { ...now, at };
      },
      freeze: () => still.market,
    });
    return { still, renew: () => (at = still.market.now()) };
  };

  test('fills no second time, also by a new process, and the next one does', async () => {
    const { still, renew } = standing();
    still.show(4);
    const day = await opened({ still, venue: { slippageBps: 0 } });
    const order = await day.placed();
    still.wait({ seconds: 1 });
    renew();
    const filled = async () =>
      (await day.events()).flatMap((event) =>
        event.type === 'OrderPartiallyFilled' && event.data.orderId === order
          ? [quantity.format(event.data.cumulativeQuantity)]
          : [],
      );
    await day.step();
    expect(await filled()).toEqual(['4']);
    const later = testDesk(day.eventStore, { still, ids: '018f' });
    for (let look = 0; look < 3; look++) await later.routing.step(stream);
    expect(await filled()).toEqual(['4']);
    still.wait({ seconds: 1 });
    renew();
    await later.routing.step(stream);
    expect(await filled()).toEqual(['4', '8']);
  });
});

describe('a burst of orders', () => {
  test('is taken to the venue whole by whoever comes late, and none of it is called unknown', async () => {
    const day = await opened({
      limits: {
        ...{ maxMessagesPerMinute: 1_000, maxMessagesPerDay: 1_000, duplicateWindowMs: 0 },
        ...{ maxGrossExposureBps: 100_000, maxPositionBps: 100_000 },
      },
    });
    const orders: OrderId[] = [];
    for (let n = 0; n < 250; n++) {
      const one = { symbol: nvda, qty: quantity.fromShares(1), order_type: 'limit' } as const;
      orders.push(await day.placed({ ...one, limit_price: price.of('99') }));
      day.still.wait({ seconds: 1 });
    }
    await day.step();
    const statuses = await Promise.all(orders.map((order) => day.status(order)));
    expect(new Set(statuses)).toEqual(new Set(['accepted']));
  });
});

describe('D29: an order that the venue does not answer', () => {
  const silent = () => {
    let heard = false;
    const make = (paper: Venue<Session>): Venue<Session> => ({
      ...paper,
      collect: async (...call) => {
        if (!heard) throw new VenueUnavailable('the line is dead');
        return paper.collect(...call);
      },
    });
    return { make, hear: () => (heard = true) };
  };

  test.each([{}, { bars: '1Min' }, { bars: '1Day' }] as const)(
    'is unknown after half a minute, on %o, and what it is once the venue can be asked',
    async (on) => {
      const { make, hear } = silent();
      const day = await opened({ venue: { latencyMs: 0, ...on } }, make);
      const order = await day.placed({
        ...{ ...ten, order_type: 'limit', limit_price: price.of('90'), time_in_force: 'gtc' },
      });
      day.still.wait({ seconds: 30 });
      await expect(day.step()).rejects.toThrow(VenueUnavailable);
      expect(await day.status(order)).toBe('submitted');
      day.still.wait({ seconds: 1 });
      await expect(day.step()).rejects.toThrow(VenueUnavailable);
      expect(await day.status(order)).toBe('unknown');
      hear();
      await day.step();
      expect(await day.status(order)).toBe('accepted');
    },
  );

  test('keeps the wish of a cancel until it is known, and is canceled then', async () => {
    const { make, hear } = silent();
    const day = await opened({ venue: { latencyMs: 0 } }, make);
    const order = await day.placed({ ...ten, order_type: 'limit', limit_price: price.of('90') });
    day.still.wait({ seconds: 31 });
    await expect(day.step()).rejects.toThrow(VenueUnavailable);
    for (const reason of ['enough', 'again'])
      await day.handlers.CancelOrder({ order_id: order, reason }, testContext);
    expect(await day.status(order)).toBe('unknown');
    hear();
    await day.step();
    expect(await day.status(order)).toBe('canceled');
    const asked = (await day.events()).filter(({ type }) => type === 'OrderPendingCancel');
    expect(asked).toHaveLength(1);
  });

  test('keeps the wish of new terms until it is known, and has them then', async () => {
    const { make, hear } = silent();
    const day = await opened({ venue: { latencyMs: 0 } }, make);
    const order_id = await day.placed({ ...ten, order_type: 'limit', limit_price: price.of('90') });
    day.still.wait({ seconds: 31 });
    await expect(day.step()).rejects.toThrow(VenueUnavailable);
    const asked = await day.handlers.ReplaceOrder(
      { order_id, limit_price: price.of('91') },
      testContext,
    );
    expect(asked.ok).toBe(true);
    expect(await day.status(order_id)).toBe('unknown');
    hear();
    await day.step();
    const { intent, status } = (await day.session()).working.get(order_id) ?? {};
    expect([status, intent?.limitPrice]).toEqual(['accepted', price.of('91')]);
  });
});

describe('a day order of unknown outcome', () => {
  const faults = { ...noFaults, timeoutBps: 10_000 };
  const symbols = ['NVDA', 'MSFT', 'AAPL', 'AMD', 'TSLA'].map((symbol) => symbol as Ticker);
  const deaf = (paper: Venue<Session>): Venue<Session> => ({
    ...paper,
    query: () => Promise.reject(new VenueUnavailable('the line is dead')),
  });
  const five = async (venue: Partial<VenueTerms>, make = deaf) => {
    const day = await opened({ venue: { faults, latencyMs: 0, ...venue } }, make);
    const limit = { order_type: 'limit', limit_price: price.of('90') } as const;
    const orders: OrderId[] = [];
    for (const symbol of symbols)
      orders.push(await day.placed({ ...limit, symbol, qty: quantity.fromShares(1) }));
    day.still.wait({ seconds: 1 });
    return { day, orders, stati: () => Promise.all(orders.map((order) => day.status(order))) };
  };

  test.each([{}, { bars: '1Min' }] as const)('ends with its day, on %o', async (venue) => {
    const { day, stati } = await five(venue);
    await expect(day.step()).rejects.toThrow(VenueUnavailable);
    expect(new Set(await stati())).toEqual(new Set(['unknown']));
    day.still.wait({ hours: 13 });
    await day.sessions.current(testContext.metadata);
    // Half of those that were not answered have arrived.
    expect(new Set(await stati())).toEqual(new Set(['expired', 'rejected']));
  });

  test('keeps what it may cost over a close at which the venue says nothing', async () => {
    const silent = (paper: Venue<Session>): Venue<Session> => ({
      ...paper,
      collect: () => Promise.reject(new VenueUnavailable('the line is dead')),
    });
    const { day, orders, stati } = await five({ faults: noFaultAtAll }, silent);
    day.still.wait({ hours: 13 });
    const { still, venue } = day;
    const options = { sessions: day.sessions, venue, now: still.market.now };
    await lastVenueStep({ ...options, metadata: () => testContext.metadata }, stream);
    expect(new Set(await stati())).toEqual(new Set(['unknown']));
    const command = { type: 'CloseSession', at: still.market.now(), marks: [], asked: symbols };
    await day.sessions.execute(stream, command as never, testContext.metadata);
    const closed = await day.session();
    expect([closed.phase, closed.working.size]).toEqual(['closed', orders.length]);
  });

  test('is asked for in the step in which it turns out to be unknown', async () => {
    const { day, stati } = await five({}, (paper) => paper);
    await day.step();
    expect(new Set(await stati())).toEqual(new Set(['accepted', 'rejected']));
  });
});

describe('a step with a venue of its own mind', () => {
  const at = tuesdayNoon.add({ seconds: 1 });
  const external: VenueReport = {
    orderId: null,
    venueOrderId: 'theirs',
    execType: 'new',
    at,
    external: {
      intent: buy(5, { symbol: nvda, orderType: 'limit', limitPrice: price.of('99') }),
      submittedAt: at,
      cumulativeQuantity: quantity.zero,
      price: price.of('99'),
    },
  };
  const stranger: VenueReport = {
    orderId: '01890000-0000-7000-8000-00000000ffff' as OrderId,
    venueOrderId: 'lost',
    execType: 'trade',
    venueExecutionId: 'x',
    quantity: quantity.fromShares(1),
    price: price.of('99'),
    at,
  };

  test('takes in what others placed, answers what fits nothing, and acknowledges what it took', async () => {
    let waiting: readonly VenueReport[] = [external, stranger];
    const day = await opened({}, (paper) => ({
      ...paper,
      collect: async () => ({ reports: waiting, taken: () => (waiting = []) }),
    }));
    await day.sessions.current(testContext.metadata);
    expect(await day.step()).toEqual({ working: 1, unmatched: [stranger] });
    expect(waiting).toEqual([]);
    expect((await day.events()).at(-1)?.type).toBe('OrderAdopted');
  });

  test('finds at the start what was missed and what others have placed', async () => {
    const day = await opened({}, (paper) => ({
      ...paper,
      massStatus: async (session) => [
        ...session.working.values().map(({ orderId }) => ({
          orderId,
          venueOrderId: 'ours',
          ordStatus: 'partially_filled' as const,
          reports: [{ ...stranger, orderId, venueOrderId: 'ours' }],
        })),
        { orderId: null, venueOrderId: 'theirs', ordStatus: 'new', reports: [external] },
      ],
    }));
    const order = await day.placed();
    const options = {
      sessions: day.sessions,
      venue: day.venue,
      now: day.still.market.now,
      metadata: () => testContext.metadata,
    };
    for (const expected of [1, 1]) {
      expect(await recoverFromVenue(options, stream)).toEqual([]);
      expect((await day.session()).orders.get(order)?.fills).toBe(expected);
      expect((await day.session()).adopted.size).toBe(1);
    }
  });

  test('tells the venue what is on its way to it, by the state of the order', async () => {
    const sent: string[] = [];
    const day = await opened({}, (paper) => ({
      ...paper,
      submit: async () => void sent.push('submit'),
      cancel: async () => void sent.push('cancel'),
    }));
    const told = new WeakSet<WorkingOrder>();
    const tell = async () => sendOrders(day.venue, await day.session(), told);
    const order = await day.placed({ ...ten, order_type: 'limit', limit_price: price.of('90') });
    await tell();
    await tell();
    expect(sent).toEqual(['submit']);
    day.still.wait({ seconds: 1 });
    await day.step();
    await tell();
    expect(sent).toEqual(['submit']);
    await day.handlers.CancelOrder({ order_id: order, reason: 'enough' }, testContext);
    await tell();
    expect(sent).toEqual(['submit', 'cancel']);
    // A process that has forgotten tells it again, which does no harm.
    await sendOrders(day.venue, await day.session(), new WeakSet());
    expect(sent).toEqual(['submit', 'cancel', 'cancel']);
  });
});

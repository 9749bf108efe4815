import { sessionEvents } from '@sentinel/contracts/execution';
import {
  beforeAll,
  decodeEvent,
  type EventStore,
  money,
  price,
  quantity,
  type RecordedEvent,
  type StreamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction, MarketData, Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { marginLimits } from '../../risk/fixtures.ts';
import { closingMarket } from '../test-kit/closing-market.ts';
import { guardStep, testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const nvda = 'NVDA' as Ticker;
const fridayNoon = Temporal.Instant.from('2026-03-06T17:00:00Z');
const mondayOpen = Temporal.Instant.from('2026-03-09T13:30:00Z');
const friday = 'session-paper-2026-03-06' as StreamName;
const monday = 'session-paper-2026-03-09' as StreamName;
const limits = {
  ...marginLimits,
  maxPositionBps: 10_000,
  maxGrossExposureBps: 10_000,
  maxTradeRiskBps: 10_000,
  ...{ maxMessagesPerSecond: 1_000, maxMessagesPerMinute: 1_000, maxMessagesPerDay: 10_000 },
  order: { ...marginLimits.order, maxValue: money.of('90000'), maxValueBps: 10_000 } as NonNullable<
    typeof marginLimits.order
  >,
};
const pays = (exDate: string): CorporateAction => ({
  symbol: nvda,
  exDate: exDate as TradingDate,
  split: null,
  dividend: price.of('10'),
});

/** A desk on a market that pays ten dollars a share on some dates, and lends shares at 3.6 % a year. */
const paying = async (...dates: readonly string[]) => {
  const still = closingMarket(fridayNoon, { gapCents: 0, seed: 1 });
  const withActions = (market: MarketData): MarketData => ({
    ...market,
    freeze: (at) => withActions(market.freeze(at)),
    instrument: async (symbol) => ({
      ...{ symbol, name: symbol, sector: null },
      borrow: { available: quantity.fromShares(10_000), annualFeeBps: 360 },
    }),
    corporateActions: async ({ from, to }) =>
      dates.filter((each) => from <= each && each <= to).map(pays),
  });
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const started = (ids: string, over = store) =>
    testDesk(over, {
      ...{ still, market: withActions(still.market), limits, ids },
      venue: { slippageBps: 0 },
    });
  const desk = started('0189');
  await desk.open(limits);
  const trade = async (side: 'buy' | 'sell_short', shares: number, of = desk) => {
    still.show(shares * 10);
    const answer = await of.order({ symbol: nvda, side, qty: quantity.fromShares(shares) });
    if (!answer.ok) throw new Error(answer.refusal.message);
    still.wait({ seconds: 1 });
    for (const { stream } of await of.sessions.open()) await of.routing.step(stream);
  };
  const goTo = (at: Temporal.Instant) =>
    still.wait({ milliseconds: at.epochMilliseconds - still.market.now().epochMilliseconds });
  const applied = async (stream: StreamName, type: string) =>
    (await store.readStream(stream))
      .map((each) => decodeEvent(sessionEvents, each))
      .filter((event) => event.type === type);
  const session = async (stream: StreamName) => {
    const { state } = await desk.sessions.load(stream);
    if (state.phase === 'unopened') throw new Error(`${stream} was never opened`);
    return state;
  };
  return { ...desk, still, store, started, trade, goTo, applied, session };
};
const wholeLog = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for (;;) {
    const page = await store.readAll({ after: all.at(-1)?.logPosition ?? beforeAll });
    if (page.length === 0) return all;
    all.push(...page);
  }
};
const roll = (desk: Pick<Awaited<ReturnType<typeof paying>>, 'sessions'>) =>
  desk.sessions.current(testContext.metadata);

describe('an ex-date', () => {
  test.each([
    ['on a Saturday', '2026-03-07'],
    ['on a Sunday', '2026-03-08'],
    ['on the Monday itself', '2026-03-09'],
  ])(
    '%s pays on Monday whoever held on Friday, however late the process starts',
    async (_, date) => {
      const desk = await paying(date);
      await desk.trade('buy', 100);
      const { cash } = await desk.session(friday);
      desk.goTo(mondayOpen.add({ hours: 3 }));
      desk.still.move({ bid: '90', ask: '90.02' });
      await roll(desk.started('018a'));
      const today = await desk.session(monday);
      expect(money.subtract(today.cash, cash)).toBe(money.of('1000'));
      expect(await desk.applied(monday, 'CorporateActionApplied')).toHaveLength(1);
    },
  );

  test('on Friday pays nobody who bought on Friday, that day or after', async () => {
    const desk = await paying('2026-03-06');
    await desk.trade('buy', 100);
    await roll(desk.started('018a'));
    desk.goTo(mondayOpen);
    await roll(desk);
    for (const stream of [friday, monday])
      expect(await desk.applied(stream, 'CorporateActionApplied')).toEqual([]);
  });

  test('of Monday pays once, when the opening is cut off after any of its events', async () => {
    const whole = await paying('2026-03-09');
    await whole.trade('buy', 100);
    whole.goTo(mondayOpen);
    await roll(whole);
    const opening = await whole.store.readStream(monday);
    expect(opening.map(({ type }) => type)).toEqual([
      'SessionOpened',
      'CorporateActionApplied',
      'TradingEnabled',
    ]);
    const log = await whole.store.readAll();
    const { cash } = await whole.session(friday);
    for (const last of opening) {
      const store = memoryEventStore({ now: () => tuesdayNoon });
      for (const each of log.filter(({ logPosition }) => logPosition <= last.logPosition))
        await store.appendToStream(each.stream, [each], 'any');
      const again = whole.started('018a', store);
      await roll(again);
      await whole.trade('buy', 50, again);
      await roll(whole.started('018b', store));
      const stored = (await store.readStream(monday)).map(({ type }) => type);
      expect(stored.filter((type) => type === 'CorporateActionApplied')).toHaveLength(1);
      const { state } = await again.sessions.load(monday);
      const spent = money.of('5001');
      expect(state.phase === 'open' && money.format(money.add(state.cash, spent))).toBe(
        money.format(money.add(cash, money.of('1000'))),
      );
    }
  });

  test('moves more orders than an append holds, each once, also when the opening is cut off between', async () => {
    const desk = await paying('2026-03-09');
    for (let n = 0; n < 520; n++) {
      const placed = await desk.order({
        ...{ symbol: nvda, qty: quantity.fromShares(1), order_type: 'limit' },
        ...{ time_in_force: 'gtc', limit_price: price.of(`${(40 + n / 100).toFixed(2)}`) },
      });
      if (!placed.ok) throw new Error(placed.refusal.message);
    }
    await desk.trade('buy', 1);
    desk.goTo(mondayOpen);
    await roll(desk);
    const limitsOf = async (of = desk.sessions) => {
      const { state } = await of.load(monday);
      return state.phase === 'open'
        ? state.working
            .values()
            .map(({ intent }) => price.format(intent.limitPrice ?? price.of('1')))
        : [];
    };
    const wanted = Array.from({ length: 520 }, (_, n) =>
      price.format(price.of((30 + n / 100).toFixed(2))),
    );
    expect([...(await limitsOf())].sort()).toEqual(wanted.sort());
    expect(await desk.applied(monday, 'OrderReplaced')).toHaveLength(520);
    expect(await desk.applied(monday, 'CorporateActionApplied')).toHaveLength(1);

    const log = await wholeLog(desk.store);
    const first = log.findIndex(
      ({ type, stream }) => stream === monday && type === 'OrderReplaced',
    );
    const store = memoryEventStore({ now: () => tuesdayNoon });
    for (const each of log.slice(0, first + 399))
      await store.appendToStream(each.stream, [each], 'any');
    const again = desk.started('018a', store);
    await roll(again);
    expect([...(await limitsOf(again.sessions))].sort()).toEqual(wanted);
    const replaced = (await store.readStream(monday)).filter(
      ({ type }) => type === 'OrderReplaced',
    );
    expect(replaced).toHaveLength(520);
  });

  test.each(['buy', 'sell_short'] as const)(
    'that pays ten dollars while the price falls by ten halts no account that %s',
    async (side) => {
      const desk = await paying('2026-03-09');
      await desk.trade(side, 400);
      desk.goTo(mondayOpen);
      desk.still.move({ bid: '90', ask: '90.02' });
      await roll(desk);
      expect(await desk.guard.watch(guardStep(monday))).toEqual([]);
      const order = await desk.order({ symbol: 'MSFT' as Ticker, qty: quantity.fromShares(1) });
      expect(order).toMatchObject({ ok: true });
    },
  );
});

describe('the nights of shares sold short', () => {
  test('over a weekend are three, at Friday’s close, and one more on Tuesday', async () => {
    const desk = await paying();
    await desk.trade('sell_short', 100);
    desk.goTo(mondayOpen);
    desk.still.move({ bid: '90', ask: '90.02' });
    await roll(desk);
    await roll(desk.started('018a'));
    desk.goTo(mondayOpen.add({ hours: 24 }));
    await roll(desk);
    const fees = await Promise.all(
      [friday, monday, 'session-paper-2026-03-10' as StreamName].map(async (stream) =>
        (await desk.applied(stream, 'BorrowFeeCharged')).map(({ data }) =>
          'fee' in data ? [data.nights, price.format(data.mark), money.format(data.fee)] : [],
        ),
      ),
    );
    expect(fees).toEqual([[], [[3, '100', '3']], [[1, '90', '0.9']]]);
  });

  test('of a short that was opened and closed today are none', async () => {
    const desk = await paying();
    await desk.trade('sell_short', 100);
    desk.still.wait({ minutes: 1 });
    await desk.trade('buy', 100);
    desk.goTo(mondayOpen);
    await roll(desk);
    expect(await desk.applied(monday, 'BorrowFeeCharged')).toEqual([]);
  });
});

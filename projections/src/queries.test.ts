import { type AnyEvent, type QueryName, queries } from '@sentinel/contracts';
import {
  type ApprovalRequestId,
  averagePrice,
  type EventMetadata,
  type HaltId,
  type LogPosition,
  money,
  type OrderId,
  price,
  quantity,
  type RequestContext,
  type SignalId,
  streamName,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { locateDecision, queryHandlers } from './catalog.ts';
import {
  assessed,
  denied,
  filled,
  halted,
  happened,
  intentOf,
  minutesLater,
  noon,
  opened,
  reasoned,
  submitted,
  ticker,
} from './samples/events.ts';
import { foldTo, type House, houseOn } from './samples/house.ts';
import { sampleId } from './samples/ids.ts';
import { controlStream, logOf, type Placed, sessionStream } from './samples/log.ts';
import { flatMarket } from './samples/market.ts';

const context: RequestContext = {
  metadata: {} as EventMetadata,
  signal: new AbortController().signal,
  progress: () => undefined,
};

const inSession = (...said: readonly AnyEvent[]): readonly Placed[] =>
  said.map((event) => ({ stream: sessionStream, event }));
const inControl = (...said: readonly AnyEvent[]): readonly Placed[] =>
  said.map((event) => ({ stream: controlStream, event }));

const given = async (placed: readonly Placed[], silent: readonly string[] = []) => {
  const house = houseOn(await logOf(placed));
  await foldTo(house, BigInt(placed.length) as LogPosition);
  const marketData = flatMarket(silent);
  return { house, ask: queryHandlers({ ...house, marketData, now: () => noon }) };
};

/** The answer, which must be one that the contract's output schema can put on the wire. */
const answered = <Value>(
  name: QueryName,
  outcome: { ok: true; value: Value } | { ok: false; refusal: unknown },
): Value => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  const schema: { encode(answer: unknown): unknown } = queries[name].output;
  expect(() => schema.encode(outcome.value)).not.toThrow();
  return outcome.value;
};

type Data<Type extends AnyEvent['type']> = Extract<AnyEvent, { readonly type: Type }>['data'];

/** The venue takes the six shares of the sample back, and with them their cost and fee. */
const busted: Data<'ExecutionBusted'> = {
  orderId: sampleId(1) as OrderId,
  symbol: ticker('NVDA'),
  side: 'buy',
  venueExecutionId: 'bust',
  refers: 'venue-1-6',
  fees: money.of('-0.01'),
  cumulativeQuantity: quantity.zero,
  leavesQuantity: quantity.fromShares(10),
  filledNotional: money.zero,
  averagePrice: null,
  reservedCash: money.of('1200'),
  cash: money.of('100000'),
  position: null,
  realizedPnl: money.zero,
  lastQuantity: quantity.fromShares(6),
  lastPrice: price.of('100'),
  reason: 'clearly erroneous',
  at: minutesLater(3),
};

const adopted: Data<'OrderAdopted'> = {
  orderId: sampleId(9) as OrderId,
  symbol: ticker('MSFT'),
  venueOrderId: 'theirs',
  sequence: 9,
  intent: intentOf('MSFT', 5, { orderType: 'limit', limitPrice: price.of('99') }),
  tradedBefore: quantity.zero,
  reservedCash: money.of('495'),
  submittedAt: noon,
  at: minutesLater(3),
};

const nvda = intentOf('NVDA', 10);
const cash = money.of('99400');
const traded = [
  opened(),
  assessed(1, nvda),
  submitted(1, nvda),
  happened('OrderAccepted', 1, minutesLater(1)),
  filled(1, nvda, { shares: 6, before: 0, cash, at: minutesLater(2) }),
];

describe('orders', () => {
  test('an order is told with all its transitions', async () => {
    const { ask } = await given(
      inSession(...traded, reasoned('OrderPendingCancel', 1), reasoned('OrderCancelRejected', 1)),
    );
    const answer = answered(
      'GetOrder',
      await ask.GetOrder({ order_id: sampleId(1) as OrderId }, context),
    );
    expect(answer.mode).toBe('paper on the mock market');
    expect(answer.order).toMatchObject({
      status: 'partially_filled',
      cumulative_qty: quantity.fromShares(6),
      leaves_qty: quantity.fromShares(4),
      average_price: price.of('100'),
      fees: money.of('0.01'),
    });
    expect(answer.transitions.map(({ status }) => status)).toEqual([
      'submitted',
      'accepted',
      'partially_filled',
      'pending_cancel',
      'partially_filled',
    ]);
    expect(answer.fills).toEqual([
      {
        event_id: sampleId(0x100_004),
        price: price.of('100'),
        qty: quantity.fromShares(6),
        fees: money.of('0.01'),
        at: minutesLater(2),
      },
    ]);
    expect(answer.as_of_position).toBe('7');
  });

  test('what the venue takes back, corrects and brings of others shows in the order and the books', async () => {
    const { reason: _, ...change } = busted;
    const corrected: Data<'ExecutionCorrected'> = {
      ...change,
      fees: money.zero,
      cumulativeQuantity: quantity.fromShares(6),
      leavesQuantity: quantity.fromShares(4),
      filledNotional: money.of('594'),
      averagePrice: price.of('99'),
      cash: money.of('99405.99'),
      before: { quantity: quantity.fromShares(6), price: price.of('100') },
      lastPrice: price.of('99'),
    };
    for (const [event, order, fills, status] of [
      [
        { type: 'ExecutionBusted', data: busted },
        { cumulative_qty: 0n, average_price: null, fees: 0n },
        [],
        { cash: busted.cash, fees_today: 0n, reserved_cash: money.of('1695') },
      ],
      [
        { type: 'ExecutionCorrected', data: corrected },
        { average_price: price.of('99'), fees: money.of('0.01') },
        [{ price: price.of('99'), fees: money.of('0.01'), qty: quantity.fromShares(6) }],
        { cash: corrected.cash, fees_today: money.of('0.01') },
      ],
    ] as const) {
      const { ask } = await given(
        inSession(...traded, { type: 'OrderAdopted', data: adopted }, event),
      );
      const { order: ours, ...rest } = answered(
        'GetOrder',
        await ask.GetOrder({ order_id: busted.orderId }, context),
      );
      expect(ours).toMatchObject({ ...order, status: 'partially_filled', external: false });
      expect(rest.fills).toMatchObject(fills);
      const { order: theirs } = answered(
        'GetOrder',
        await ask.GetOrder({ order_id: adopted.orderId }, context),
      );
      expect(theirs).toMatchObject({ status: 'accepted', external: true, symbol: 'MSFT' });
      const books = answered('GetPortfolioStatus', await ask.GetPortfolioStatus({}, context));
      expect(books).toMatchObject({ ...status, working_orders: 2 });
    }
  });

  test('a denied order says why, and an order that nobody knows is refused', async () => {
    const { ask } = await given(inSession(opened(), denied(1, nvda)));
    const answer = answered(
      'GetOrder',
      await ask.GetOrder({ order_id: sampleId(1) as OrderId }, context),
    );
    expect(answer.order).toMatchObject({
      status: 'denied',
      leaves_qty: 0n,
      reason: { code: 'SPREAD' },
    });
    const unknown = await ask.GetOrder({ order_id: sampleId(2) as OrderId }, context);
    expect(unknown).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_ORDER' } });
  });

  test('a trailing exit names its trail, its signal and its parent, which names it', async () => {
    const signalId = sampleId(0x51) as SignalId;
    const trail = { amount: null, bps: 150 };
    const exit = intentOf('NVDA', 6, { side: 'sell', orderType: 'trailing_stop', trail, signalId });
    const begun = submitted(2, exit) as Extract<AnyEvent, { type: 'OrderSubmitted' }>;
    const link = { role: 'stop_loss', parentId: sampleId(1) as OrderId } as const;
    const pair = { role: 'take_profit', parentId: sampleId(3) as OrderId } as const;
    const alone = submitted(3, exit) as typeof begun;
    const { ask } = await given(
      inSession(
        ...traded,
        { ...begun, data: { ...begun.data, link } },
        { ...alone, data: { ...alone.data, link: pair } },
      ),
    );
    const tell = async (n: number) =>
      answered('GetOrder', await ask.GetOrder({ order_id: sampleId(n) as OrderId }, context));
    expect(await tell(1)).toMatchObject({
      order: { trail: null, signal_id: null, exit_of: null },
      exits: [sampleId(2)],
    });
    expect(await tell(2)).toMatchObject({
      order: { trail: '1.5%', signal_id: signalId, exit_of: sampleId(1) },
      exits: [],
      fills: [],
    });
    expect(await tell(3)).toMatchObject({ order: { exit_of: null }, exits: [] });
  });

  test('only what works, is pending or unknown is open, and a list is short unless all is asked for', async () => {
    const { ask } = await given(
      inSession(
        ...traded,
        denied(2, nvda),
        submitted(3, nvda),
        happened('OrderExpired', 3),
        submitted(4, nvda),
        reasoned('OrderPendingCancel', 4),
        submitted(5, nvda),
        reasoned('OrderOutcomeUnknown', 5),
        submitted(6, nvda),
      ),
    );
    const list = async (filter: object) =>
      answered('ListOrders', await ask.ListOrders({ limit: 20, ...filter }, context)).orders;
    const open = await list({ open: true });
    expect(open.map(({ order_id }) => order_id)).toEqual([6, 5, 4, 1].map((n) => sampleId(n)));
    expect(await list({})).toHaveLength(6);
    expect(await list({ open: false })).toHaveLength(6);
    const full = await list({ open: true, detail: 'full' });
    expect(full[3]).toMatchObject({
      ...open[3],
      fees: money.of('0.01'),
      reason_given: 'for a test',
    });
    expect(Object.keys(open[3] ?? {})).not.toContain('fees');
  });

  test('pages are complete, newest first, and without duplicates while orders come in', async () => {
    const many = Array.from({ length: 57 }, (_, n) =>
      submitted(n + 1, intentOf(n % 2 ? 'NVDA' : 'MSFT', 1), minutesLater(n)),
    );
    const { ask } = await given(inSession(opened(), ...many));
    const listAll = async (filter: object): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (let cursor: string | undefined, pages = 0; pages < 20; pages++) {
        const input = { limit: 5, ...filter, ...(cursor !== undefined && { cursor }) };
        const page = answered('ListOrders', await ask.ListOrders(input, context));
        ids.push(...page.orders.map(({ order_id }) => order_id));
        if (page.next_cursor === null) return ids;
        cursor = page.next_cursor;
      }
      throw new Error('the pages do not end');
    };
    const newestFirst = many.map((_, n) => sampleId(n + 1)).reverse();
    expect(await listAll({})).toEqual(newestFirst);
    expect(await listAll({ symbol: ticker('NVDA') })).toEqual(
      newestFirst.filter((_, n) => n % 2 === 1),
    );
    const window = { start: minutesLater(10), end: minutesLater(20) };
    expect(await listAll(window)).toEqual(newestFirst.slice(37, 47));
    expect(await listAll({ status: 'filled' })).toEqual([]);
  });
});

describe('portfolio', () => {
  test('an account is valued at the last prices, less what working orders hold', async () => {
    const { ask } = await given(inSession(...traded));
    const status = answered('GetPortfolioStatus', await ask.GetPortfolioStatus({}, context));
    expect(status).toMatchObject({
      cash,
      reserved_cash: money.of('480'),
      buying_power: money.of('98920'),
      positions_value: money.of('600'),
      equity: money.of('100000'),
      gross_exposure_bps: 60,
      unrealized_pnl: 0n,
      fees_today: money.of('0.01'),
      day_pnl: 0n,
      open_positions: 1,
      working_orders: 1,
      stale_marks: [],
    });
    const { positions } = answered('ListPositions', await ask.ListPositions({}, context));
    expect(positions).toEqual([
      {
        symbol: 'NVDA',
        side: 'long',
        quantity: quantity.fromShares(6),
        average_price: averagePrice(money.of('600'), quantity.fromShares(6), 'up'),
        mark: price.of('100'),
        mark_at: noon,
        market_value: money.of('600'),
        unrealized_pnl: 0n,
      },
    ]);
  });

  test('a margin account may open twice its excess, whatever limits hold in its session', async () => {
    const { limits } = opened().data as Data<'SessionOpened'>;
    const margin = { initialBps: 5_000, maintenanceBps: 3_000, shortMarkBps: 10_300 };
    const document = { version: 2, limits: { ...limits.limits, margin } };
    const adopted: AnyEvent = { type: 'LimitsAdopted', data: { document, at: minutesLater(3) } };
    const ofControl = await given([...inSession(...traded), ...inControl(adopted)]);
    const before = answered(
      'GetPortfolioStatus',
      await ofControl.ask.GetPortfolioStatus({}, context),
    );
    expect(before.buying_power).toBe(money.of('98920'));
    const ofSession = await given(inSession(...traded, adopted));
    const status = answered(
      'GetPortfolioStatus',
      await ofSession.ask.GetPortfolioStatus({}, context),
    );
    // Of 100,000 dollars of equity half of 600 held and 480 reserved is needed.
    expect(status.buying_power).toBe(money.of('198920'));
  });

  test('what has no quote now is valued at its last price, and named', async () => {
    const flat = flatMarket();
    const quiet: MarketData = { ...flat, quote: async () => undefined, freeze: () => quiet };
    const at = noon.subtract({ hours: 20 });
    Object.assign(quiet, {
      lastTrade: async (symbol: Ticker) => ({ symbol, price: price.of('90'), at }),
    });
    const { house } = await given(inSession(...traded));
    const ask = queryHandlers({ ...house, marketData: quiet, now: () => noon });
    const status = answered('GetPortfolioStatus', await ask.GetPortfolioStatus({}, context));
    expect(status).toMatchObject({ stale_marks: ['NVDA'], positions_value: money.of('540') });
    const { positions } = answered('ListPositions', await ask.ListPositions({}, context));
    expect(positions).toMatchObject([{ mark: price.of('90'), mark_at: at }]);
  });

  test('what never traded is valued at cost, and named', async () => {
    const { ask } = await given(inSession(...traded), ['NVDA']);
    const status = answered('GetPortfolioStatus', await ask.GetPortfolioStatus({}, context));
    expect(status).toMatchObject({ stale_marks: ['NVDA'], positions_value: money.of('600') });
    const { positions } = answered('ListPositions', await ask.ListPositions({}, context));
    expect(positions).toMatchObject([{ mark: null, market_value: null, unrealized_pnl: null }]);
  });

  test('before the first session there is no account to tell of, and nothing is held', async () => {
    const { ask } = await given([]);
    expect(await ask.GetPortfolioStatus({}, context)).toMatchObject({
      ok: false,
      refusal: { code: 'NO_SESSION' },
    });
    expect(answered('ListPositions', await ask.ListPositions({}, context)).positions).toEqual([]);
  });
});

describe('kill switch', () => {
  const release = (n: number, expiresAt: Temporal.Instant): AnyEvent => ({
    type: 'HaltReleaseRequested',
    data: {
      requestId: sampleId(n) as ApprovalRequestId,
      haltId: sampleId(1) as HaltId,
      reason: 'it is over',
      requestedBy: 'agent:test',
      requestedAt: noon,
      expiresAt,
    },
  });

  test('a global halt leaves only reducing orders; others are listed and leave the rest active', async () => {
    const symbolOnly = await given(inControl(halted(1, 'symbol', 'NVDA')));
    const listed = answered(
      'GetKillSwitchStatus',
      await symbolOnly.ask.GetKillSwitchStatus({}, context),
    );
    expect(listed).toMatchObject({ trading_state: 'ACTIVE', halts: [{ target: 'NVDA' }] });
    const everything = await given(inControl(halted(1), halted(2, 'symbol', 'NVDA')));
    const state = answered(
      'GetKillSwitchStatus',
      await everything.ask.GetKillSwitchStatus({}, context),
    );
    expect(state).toMatchObject({ trading_state: 'REDUCING', halts: [{}, {}] });
  });

  test('copies in sessions do not count, expired requests are not shown, and a release ends both', async () => {
    const story = [
      ...inControl(halted(1), release(8, minutesLater(15)), release(9, minutesLater(-1))),
      ...inSession(opened(), halted(1)),
    ];
    const before = await given(story);
    const state = answered(
      'GetKillSwitchStatus',
      await before.ask.GetKillSwitchStatus({}, context),
    );
    expect(state.halts).toHaveLength(1);
    expect(state.pending_releases.map(({ request_id }) => request_id)).toEqual([sampleId(8)]);
    const released: AnyEvent = {
      type: 'HaltReleased',
      data: {
        haltId: sampleId(1) as HaltId,
        requestId: sampleId(8) as ApprovalRequestId,
        releasedBy: 'human:test',
        releasedAt: noon,
      },
    };
    const after = await given([...story, ...inControl(released)]);
    expect(
      answered('GetKillSwitchStatus', await after.ask.GetKillSwitchStatus({}, context)),
    ).toMatchObject({
      trading_state: 'ACTIVE',
      halts: [],
      pending_releases: [],
    });
  });
});

describe('lists', () => {
  test('the watchlist narrows by group and pages by symbol', async () => {
    const added = (symbol: string, groups: string[]): Placed => ({
      stream: streamName('watchlist', 'main'),
      event: {
        type: 'SymbolAdded',
        data: { symbol: ticker(symbol), groups, notes: 'a note', at: noon },
      },
    });
    const { ask } = await given([
      added('NVDA', ['tech', 'semis']),
      added('XOM', ['energy']),
      added('AAPL', ['tech']),
    ]);
    const tech = answered(
      'ListWatchlist',
      await ask.ListWatchlist({ group: 'tech', active_only: true, limit: 1 }, context),
    );
    expect(tech).toMatchObject({ entries: [{ symbol: 'AAPL' }], next_cursor: 'AAPL' });
    const cursor = tech.next_cursor ?? '';
    const rest = answered(
      'ListWatchlist',
      await ask.ListWatchlist({ group: 'tech', active_only: true, limit: 1, cursor }, context),
    );
    expect(rest).toMatchObject({ entries: [{ symbol: 'NVDA' }], next_cursor: null });
    const counted = answered('ListGroups', await ask.ListGroups({}, context));
    expect(counted).toMatchObject({
      groups: [
        { group: 'energy', symbols_count: 1 },
        { group: 'semis', symbols_count: 1 },
        { group: 'tech', symbols_count: 2 },
      ],
      ungrouped_count: 0,
      symbols_count: 3,
    });
    const unknown = { group: 'banks', active_only: true, limit: 1 };
    expect(await ask.ListWatchlist(unknown, context)).toMatchObject({
      ok: false,
      refusal: { code: 'UNKNOWN_GROUP', remedy: 'Groups: energy, semis, tech.' },
    });
  });

  test('a symbol that was taken off keeps its history, and comes again', async () => {
    const nvda = ticker('NVDA');
    const on = (event: AnyEvent): Placed => ({ stream: streamName('watchlist', 'main'), event });
    const entry = { symbol: nvda, notes: null };
    const story = [
      on({ type: 'SymbolAdded', data: { ...entry, groups: ['tech'], at: noon } }),
      on({ type: 'SymbolUpdated', data: { ...entry, groups: ['semis'], at: minutesLater(1) } }),
      on({ type: 'SymbolRemoved', data: { symbol: nvda, at: minutesLater(2) } }),
    ];
    const { ask } = await given(story);
    const list = { active_only: true, limit: 10 };
    const left = answered('ListWatchlist', await ask.ListWatchlist(list, context));
    expect(left.entries).toEqual([]);
    const all = { active_only: false, limit: 10 };
    const removed = answered('ListWatchlist', await ask.ListWatchlist(all, context));
    expect(removed.entries).toMatchObject([{ symbol: 'NVDA', active: false, groups: [] }]);
    const got = answered(
      'GetWatchlistEntry',
      await ask.GetWatchlistEntry({ symbol: nvda }, context),
    );
    expect(got.history.map(({ change, by }) => `${change} by ${by}`)).toEqual([
      'added by local:test',
      'updated by local:test',
      'removed by local:test',
    ]);
    const again = on({
      type: 'SymbolAdded',
      data: { ...entry, groups: ['tech'], at: minutesLater(3) },
    });
    const back = (await given([...story, again])).ask;
    const shown = answered(
      'GetWatchlistEntry',
      await back.GetWatchlistEntry({ symbol: nvda }, context),
    );
    expect(shown).toMatchObject({ entry: { active: true, groups: ['tech'] } });
    expect(shown.entry.added_at).toEqual(minutesLater(3));
    expect(await back.GetWatchlistEntry({ symbol: ticker('XOM') }, context)).toMatchObject({
      ok: false,
      refusal: { code: 'NOT_ON_WATCHLIST' },
    });
  });

  test('recent events come newest first, each with a line and what it is about', async () => {
    const { ask } = await given(inSession(...traded));
    const page = answered(
      'ListRecentEvents',
      await ask.ListRecentEvents({ symbol: ticker('NVDA'), detail: 'full', limit: 2 }, context),
    );
    expect(page.events).toMatchObject([
      {
        type: 'OrderPartiallyFilled',
        order_id: sampleId(1),
        summary: 'bought 6 NVDA at 100, 4 left',
      },
      { type: 'OrderSubmitted', decision_id: sampleId(0x1001), log_position: '3' },
    ]);
    const cursor = page.next_cursor ?? '';
    const rest = answered(
      'ListRecentEvents',
      await ask.ListRecentEvents({ symbol: ticker('NVDA'), limit: 2, cursor }, context),
    );
    expect(rest.events.map(({ type }) => type)).toEqual(['RiskAssessed']);
    expect(rest.next_cursor).toBeNull();
  });
});

describe('positions', () => {
  test('a query waits for min_position, and says so when the views do not come that far', async () => {
    const { ask, house } = await given(inSession(opened()));
    const impatient = queryHandlers({
      readStore: {
        ...house.readStore,
        waitFor: (logPosition) => house.readStore.waitFor(logPosition, 1),
      },
      marketData: flatMarket(),
      now: () => noon,
    });
    const far = { min_position: 99n as LogPosition };
    expect(await impatient.ListPositions(far, context)).toMatchObject({
      ok: false,
      refusal: { code: 'STALE_VIEW' },
    });
    const near = answered(
      'ListPositions',
      await ask.ListPositions({ min_position: 1n as LogPosition }, context),
    );
    expect(near.as_of_position).toBe('1');
  });
});

describe('locating a decision', () => {
  const located = (house: House, id: string) => locateDecision(house.readStore, id);

  test('leads from an event, a decision or an order to the assessment', async () => {
    const { house } = await given(inSession(...traded));
    const place = { stream: sessionStream, version: 1n, decisionId: sampleId(0x1001) };
    expect(await located(house, sampleId(0x1001))).toEqual(place);
    expect(await located(house, sampleId(1))).toEqual(place);
    for (const index of [1, 2, 3, 4])
      expect(await located(house, sampleId(0x100_000 + index))).toEqual(place);
    expect(await located(house, sampleId(0x100_000))).toBeUndefined();
    expect(await located(house, 'nobody')).toBeUndefined();
  });
});

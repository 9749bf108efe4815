import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import {
  type DecisionId,
  money,
  type OrderId,
  type Price,
  price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketBar, MarketSession, Quote } from '@sentinel/contracts/market';
import type { OrderIntent, RiskFacts, RiskLimits } from '@sentinel/contracts/risk';
import {
  buy,
  limitsWith,
  marginLimits,
  markAt,
  noon,
  nvda,
  ordinaryFacts,
  quoteOf,
} from '../../risk/fixtures.ts';
import { paperOrderState } from '../paper/paper-venue.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { reportsOf, venueReports } from '../venue/index.ts';
import type { OpenSession } from './commands.ts';
import {
  changedIntent,
  markedSymbols,
  meetBar,
  type OrderChanges,
  type Session,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  sessionDecider,
  workingInTurn,
} from './index.ts';

const decider = sessionDecider(testDigest);
const date = '2026-03-02' as TradingDate;
export const exchange: MarketSession = {
  state: 'open',
  date,
  opensAt: Temporal.Instant.from('2026-03-02T14:30:00Z'),
  closesAt: Temporal.Instant.from('2026-03-02T21:00:00Z'),
  calendar: 'test',
};
/** Limits that let any order of a test pass, so that the venue is what is tested. */
const wide: RiskLimits = {
  ...marginLimits,
  maxPositionBps: 100_000,
  maxGrossExposureBps: 100_000,
  maxTradeRiskBps: 100_000,
  duplicateWindowMs: 0,
  maxMessagesPerSecond: 1_000,
  maxMessagesPerMinute: 1_000,
  maxMessagesPerDay: 100_000,
  order: {
    maxValue: money.of('1000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.fromShares(10_000),
  },
};

type DayOptions = {
  readonly venue?: Partial<VenueTerms>;
  readonly limits?: Partial<RiskLimits>;
  readonly previous?: OpenSession['previous'];
  /** Orders that work on from the session before. */
  readonly carried?: readonly WorkingOrder[];
  /** What the night has done, before anything trades. */
  readonly night?: readonly SessionCommand[];
  /** Orders placed on the days before: each has an id of its own. */
  readonly placedBefore?: number;
};
type GivenFacts = Partial<RiskFacts> & { readonly prices?: string };

const begun = (options: DayOptions) => {
  let state: SessionState = decider.initialState;
  const events: SessionEvent[] = [];
  const session = (): Session => {
    if (state.phase === 'unopened') throw new Error('the day has not begun');
    return state;
  };
  const take = (command: SessionCommand): readonly SessionEvent[] => {
    const decision = decider.decide(command, state);
    if (!decision.ok) throw new Error(decision.refusal.code);
    for (const event of decision.value) {
      events.push(event);
      state = decider.evolve(state, event);
    }
    return decision.value;
  };
  take({
    type: 'OpenSession',
    account: 'paper',
    date,
    at: noon,
    endsAt: noon.add({ hours: 4 }),
    previous: options.previous ?? null,
    startingCash: money.of('1000000'),
    limits: limitsWith({ ...wide, ...options.limits }),
    halts: [],
    venue: { seed: 1, latencyMs: 50, slippageBps: 0, feeSchedule: 'us-equity-1', ...options.venue },
  });
  take({ type: 'CarryOrders', orders: options.carried ?? [], at: noon });
  for (const command of options.night ?? []) take(command);
  take({ type: 'EnableTrading', at: noon });
  return { events, session, take };
};
type Day = ReturnType<typeof begun>;

const after = (second: number) => noon.add({ milliseconds: Math.round(second * 1000) });

const placing = ({ session, take }: Day, placedBefore = 0) => {
  let count = placedBefore;
  const idOf = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  const judged = (second: number, { prices = '100/100.02', ...rest }: GivenFacts): RiskFacts => {
    const at = after(second);
    const marks = markedSymbols(session()).map((symbol) => ({ ...markAt(symbol, '100'), at }));
    const borrow = { available: quantity.fromShares(1_000_000), annualFeeBps: 30 };
    return ordinaryFacts({ at, quote: quoteOf(nvda, prices, at), marks, borrow, ...rest });
  };
  const decided = () => {
    count += 1;
    return {
      decisionId: idOf(count + 0x1000) as DecisionId,
      paramsDigest: testDigest(`${count}`),
      codeDigest: testDigest('code'),
    };
  };
  const replacing = (
    orderId: OrderId,
    changes: OrderChanges,
    { second, facts }: { readonly second: number; readonly facts: GivenFacts },
  ): SessionCommand => {
    const order = session().working.get(orderId) as WorkingOrder;
    const changed = changedIntent(order, changes);
    const intent = changed.ok ? changed.value : order.intent;
    const gathered = { symbols: markedSymbols(session()), uncorrelated: [], intent };
    const known = { facts: judged(second, facts), gathered, ...decided() };
    return { type: 'ReplaceOrder', changes, orderId, ...known };
  };
  return {
    placed: () => count,
    /** Submits an order; throws the code of the check that denies it. */
    place: (
      { shares, ...intent }: Partial<OrderIntent> & { readonly shares: number },
      second = 0,
      facts: GivenFacts = {},
    ): OrderId => {
      const orderId = idOf(count + 1) as OrderId;
      const wish = buy(shares, intent);
      take({
        type: 'PlaceOrder',
        purpose: 'order',
        intent: wish,
        facts: judged(second, facts),
        gathered: { symbols: markedSymbols(session()), uncorrelated: [], intent: wish },
        orderId,
        idempotencyKey: null,
        earlierUse: null,
        ...decided(),
      });
      const record = session().orders.get(orderId);
      if (record?.status === 'denied') throw new Error(record.reason?.code);
      return orderId;
    },
    replace: (
      orderId: OrderId,
      changes: OrderChanges,
      when: number | (GivenFacts & { readonly second: number }),
    ) => {
      const { second, ...facts } = typeof when === 'number' ? { second: when } : when;
      return take(replacing(orderId, changes, { second, facts }));
    },
    /** Why the change would be refused, without making it; undefined when it would be taken or denied. */
    refusalOf: (
      orderId: OrderId,
      changes: OrderChanges,
      { second, ...facts }: GivenFacts & { readonly second: number },
    ): string | undefined => {
      const decision = decider.decide(replacing(orderId, changes, { second, facts }), session());
      return decision.ok ? undefined : decision.refusal.message;
    },
    cancel: (orderId: OrderId, second: number) =>
      take({ type: 'CancelOrder', orderId, reason: 'test', at: after(second) }),
  };
};

/** A one-minute bar from a text such as "open high low close". */
export const barOf = (prices: string, minute: number, shares = 1_000_000): MarketBar => {
  const [open = '', high = '', low = '', close = ''] = prices.split(' ');
  const start = noon.add({ minutes: minute });
  return {
    symbol: nvda,
    start,
    end: start.add({ minutes: 1 }),
    open: price.of(open),
    high: price.of(high),
    low: price.of(low),
    close: price.of(close),
    volume: quantity.fromShares(shares),
    source: 'historical',
  };
};

const trading = ({ session, take }: Day) => ({
  /** Takes every working order to one quote such as "99.99/100.01", with `shares` on both sides. */
  quote: (prices: string, second: number, rest: Partial<Quote> & { shares?: number } = {}) => {
    const { shares = 1_000, ...more } = rest;
    const size = quantity.fromShares(shares);
    const quote = {
      ...quoteOf(nvda, prices, after(second)),
      bidSize: size,
      askSize: size,
      ...more,
    };
    for (const { orderId } of workingInTurn(session())) {
      const order = session().working.get(orderId);
      if (order === undefined) continue;
      const reports = venueReports({
        order,
        quote,
        session: exchange,
        terms: session().venue,
        tradingDate: date,
        lastLookAt: undefined,
      });
      take({ type: 'ReportVenue', reports: reportsOf(orderId, reports, { quote }) });
    }
  },
  /** Takes every working order to the one-minute bar that begins `minute` minutes after noon. */
  bar: (prices: string, minute: number, shares = 1_000_000) =>
    take({
      type: 'ReportVenue',
      reports: meetBar(
        { bar: barOf(prices, minute, shares), session: exchange },
        session(),
        testDigest,
      ).reports,
    }),
  /** Asks the venue for every order of unknown outcome. */
  reconcile: () =>
    take({
      type: 'Reconcile',
      at: session().lastAt,
      answersWithinMs: null,
      answers: workingInTurn(session())
        .filter(({ status }) => status === 'unknown')
        .map((order) => ({
          orderId: order.orderId,
          found: paperOrderState(order, session(), { session: () => exchange }),
        })),
    }),
});

const looking = ({ session, events }: Day) => ({
  status: (orderId: OrderId) => session().orders.get(orderId)?.status,
  filled: (orderId: OrderId) =>
    quantity.format(session().orders.get(orderId)?.cumulativeQuantity ?? quantity.zero),
  /** Prices at which an order traded, in turn. */
  prices: (orderId: OrderId) =>
    events.flatMap((event) =>
      (event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled') &&
      event.data.orderId === orderId
        ? [price.format(event.data.lastPrice)]
        : [],
    ),
  held: () => quantity.format(session().positions.get(nvda)?.quantity ?? quantity.zero),
  /** The exits that work for an order, as text such as "stop_loss 10 at 95". */
  exits: (parentId: OrderId) =>
    workingInTurn(session())
      .filter(({ link }) => link?.parentId === parentId)
      .map(
        ({ link, leavesQuantity, intent }) =>
          `${link?.role} ${quantity.format(leavesQuantity)} at ${price.format((intent.limitPrice ?? intent.triggerPrice) as Price)}`,
      ),
  /** The first exit of that role that the order set out. */
  exitOf: (parentId: OrderId, role: 'take_profit' | 'stop_loss') =>
    events.flatMap((event) =>
      event.type === 'OrderSubmitted' &&
      event.data.link?.parentId === parentId &&
      event.data.link.role === role
        ? [event.data.orderId]
        : [],
    )[0] as OrderId,
});

/** One trading day in NVDA, driven by hand: orders at seconds after noon, quotes and bars. */
export const tradingDay = (options: DayOptions = {}) => {
  const day = begun(options);
  return { ...day, ...placing(day, options.placedBefore), ...trading(day), ...looking(day) };
};

/**
 * The day after one that closed at `close`, with what the night did in between. Its orders keep the same
 * clock: it begins at noon again.
 */
export const dayAfter = (
  day: ReturnType<typeof tradingDay>,
  close: string,
  night: readonly SessionCommand[],
): ReturnType<typeof tradingDay> => {
  const marks = markedSymbols(day.session()).map((symbol) => markAt(symbol, close));
  day.take({ type: 'CloseSession', at: noon, marks, asked: marks.map(({ symbol }) => symbol) });
  const { closing: closed } = day.session();
  if (closed === null) throw new Error('the day did not close');
  const previous = { stream: 'session-paper-2026-02-27', closed };
  const { venue } = day.session();
  const carried = workingInTurn(day.session());
  return tradingDay({ previous, carried, night, venue, placedBefore: day.placed() });
};

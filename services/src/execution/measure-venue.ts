import {
  type DecisionId,
  money,
  type OrderId,
  type Price,
  price,
  quantity,
  type Sha256,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketBar, MarketSession, Ticker } from '@sentinel/contracts/market';
import type { LimitsDocument } from '@sentinel/contracts/risk';
import { meetBar, type Session, type SessionEvent, sessionDecider } from './session/index.ts';
import { chance, murmur3 } from './venue/chance.ts';

const symbol = 'NVDA' as Ticker;
const begin = Temporal.Instant.from('2026-03-02T15:00:00Z');
/** Tells texts apart, and costs little beside the venue. */
const digest = (text: string): Sha256 => {
  const codes = Array.from(text, (letter) => letter.charCodeAt(0));
  const half = [1, 2].map((seed) => murmur3(codes, seed).toString(16).padStart(8, '0')).join('');
  return half.repeat(4) as Sha256;
};
const exchange: MarketSession = {
  state: 'open',
  date: '2026-03-02' as TradingDate,
  opensAt: null,
  closesAt: null,
  calendar: 'always',
};

/** A walk of one-second bars in cents around a hundred dollars. */
const walk = (count: number): readonly MarketBar[] => {
  const bars: MarketBar[] = [];
  let last = 1_000_000;
  for (let n = 0; n < count; n++) {
    const step = (salt: number) => Math.floor(chance(1, n, salt) * 21) - 10;
    const close = last + step(1);
    const high = Math.max(last, close) + Math.abs(step(2));
    const low = Math.min(last, close) - Math.abs(step(3));
    const each = (cents: number) => (BigInt(cents) * 10_000n) as Price;
    bars.push({
      symbol,
      start: begin.add({ seconds: n }),
      end: begin.add({ seconds: n + 1 }),
      open: each(last),
      high: each(high),
      low: each(low),
      close: each(close),
      volume: quantity.fromShares(10_000),
      source: 'mock',
    });
    last = close;
  }
  return bars;
};

/** A bracket: an order at the next open, which sets out a stop and a target. */
const bracket = (n: number, { close, end }: MarketBar): SessionEvent => {
  const id = (kind: number) =>
    `0189${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  const away = (cents: number) => price.toTick((close + BigInt(cents) * 10_000n) as Price, 'down');
  return {
    type: 'OrderSubmitted',
    data: {
      orderId: id(n % 65_536) as OrderId,
      decisionId: id(1) as DecisionId,
      sequence: n,
      intent: {
        symbol,
        side: 'buy',
        quantity: quantity.fromShares(10),
        orderType: 'market',
        limitPrice: null,
        stopPrice: null,
        timeInForce: 'gtc',
        strategyId: null,
        exits: { takeProfit: away(60), stopLoss: away(-60) },
      },
      reservedCash: money.zero,
      idempotencyKey: null,
      paramsDigest: digest('bench'),
      givenReason: null,
      at: end,
    },
  };
};

const ordersEvery = 50;
const barsPerRound = 100_000;
const rounds = 9;
/** One pass of the bare loop takes two milliseconds, too few to time. */
const barePasses = 20;

/** The least that a venue could do: hold each bar against a stop and a target that move every fifty bars. */
const bareLoop = (bars: readonly MarketBar[]): { readonly barsPerSecond: number } => {
  const away = 600_000n;
  let [stop, target] = [0n, 0n];
  let met = 0;
  const before = performance.now();
  for (let pass = 0; pass < barePasses; pass++)
    bars.forEach(({ low, high, close }, n) => {
      if (n % ordersEvery === 0) [stop, target] = [close - away, close + away];
      if (low <= stop || high >= target) met += 1;
    });
  const seconds = (performance.now() - before) / 1000;
  if (met === 0) throw new Error('the bars meet nothing');
  return { barsPerSecond: (barePasses * bars.length) / seconds };
};

/**
 * Takes bars to sessions in which a new bracket is laid every fifty bars, and keeps every event. Answers
 * bars a second of the quickest of some rounds and of a bare loop between them, and how many events came.
 */
export const measureVenue = (limits: LimitsDocument) => {
  const bars = walk(barsPerRound);
  const measured = Array.from({ length: rounds }, () => ({
    venue: round(bars, limits),
    loop: bareLoop(bars),
  }));
  const quickest = (rates: readonly { readonly barsPerSecond: number }[]) =>
    Math.max(...rates.map(({ barsPerSecond }) => barsPerSecond));
  return {
    barsPerSecond: quickest(measured.map(({ venue }) => venue)),
    bareBarsPerSecond: quickest(measured.map(({ loop }) => loop)),
    events: measured[0]?.venue.events ?? 0,
  };
};

const round = (bars: readonly MarketBar[], limits: LimitsDocument) => {
  const decider = sessionDecider(digest);
  const opened = decider.decide(
    {
      type: 'OpenSession',
      account: 'bench',
      date: exchange.date,
      at: begin,
      previous: null,
      startingCash: money.of('1000000000'),
      endsAt: begin.add({ hours: 24 * 365 }),
      limits,
      halts: [],
      venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1', bars: '1Min' },
    },
    decider.initialState,
  );
  if (!opened.ok) throw new Error(opened.refusal.code);
  const books = opened.value.reduce(decider.evolve, decider.initialState);
  const enabled = decider.decide({ type: 'EnableTrading', at: begin }, books);
  if (!enabled.ok) throw new Error(enabled.refusal.code);
  let session = enabled.value.reduce(decider.evolve, books) as Session;
  const kept: SessionEvent[] = [];
  const keep = (event: SessionEvent) => {
    kept.push(event);
    session = decider.evolve(session, event) as Session;
  };
  const before = performance.now();
  bars.forEach((bar, n) => {
    const { reports } = meetBar({ bar, session: exchange }, session, digest);
    if (reports.length > 0) {
      const decision = decider.decide({ type: 'ReportVenue', reports }, session);
      if (!decision.ok) throw new Error(decision.refusal.code);
      decision.value.forEach(keep);
    }
    if (n % ordersEvery === 0) keep(bracket(session.orderSequence + 1, bar));
  });
  const seconds = (performance.now() - before) / 1000;
  return {
    barsPerSecond: bars.length / seconds,
    events: kept.length,
    working: session.working.size,
  };
};

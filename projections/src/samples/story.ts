import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnyEvent, events } from '@sentinel/contracts';
import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  type ApprovalRequestId,
  type DecisionId,
  decodeEvent,
  type EventId,
  type HaltId,
  money,
  notional,
  type OrderId,
  price,
  quantity,
  type StreamName,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import {
  assessed,
  denied,
  filled,
  halted,
  happened,
  intentOf,
  minutesLater,
  opened,
  reasoned,
  sampleDate,
  submitted,
  ticker,
} from './events.ts';
import { sampleId } from './ids.ts';
import { controlStream, type Placed, sessionStream } from './log.ts';

const corpus = join(import.meta.dirname, '..', '..', '..', 'contracts', 'corpus');
const nextDate = '2026-03-03' as TradingDate;
const nextStream = streamName('session', `paper-${nextDate}`);

/** Where the orders and halts of this story count from, away from those of made-up ones. */
const first = 0x20_000;
const orderId = (n: number) => sampleId(first + n) as OrderId;

/** The sample that the corpus keeps of an event's current version. */
const kept = (type: AnyEvent['type'], stream: StreamName): Placed => {
  const { version } = events[type];
  const data = JSON.parse(readFileSync(join(corpus, `${type}.v${version}.json`), 'utf8'));
  const stored = { id: sampleId(1) as EventId, type, schemaVersion: version, data };
  return { stream, event: decodeEvent(events, stored) };
};

const inSession =
  (stream: StreamName) =>
  (event: AnyEvent): Placed => ({ stream, event });
const today = inSession(sessionStream);
const tomorrow = inSession(nextStream);

/** An order that is judged and submitted, as the n-th of the story. */
const placed = (n: number, intent: OrderIntent): readonly Placed[] =>
  [assessed(first + n, intent), submitted(first + n, intent)].map(today);

const limit = intentOf('NVDA', 10, { orderType: 'limit', limitPrice: price.of('100') });
const trailing = intentOf('AAPL', 5, {
  side: 'sell',
  orderType: 'trailing_stop',
  triggerPrice: price.of('95'),
  trail: { amount: price.of('5'), bps: null },
  timeInForce: 'gtc',
});
const exit = intentOf('NVDA', 10, {
  side: 'sell',
  orderType: 'stop',
  triggerPrice: price.of('90'),
  strategyId: 'momentum_v1',
});
const wider = { ...limit, quantity: quantity.fromShares(12), limitPrice: price.of('101') };
const cash = (dollars: string) => money.of(dollars);

/** What is asked of an order's terms, and what comes of it. */
const terms = (n: number, intent: OrderIntent, filledShares: number) => {
  const { symbol } = intent;
  const at = minutesLater(n);
  const of = { orderId: orderId(n), symbol, at };
  const leavesQuantity = quantity.subtract(intent.quantity, quantity.fromShares(filledShares));
  const reservedCash = notional(price.of('120'), leavesQuantity, 'up');
  const decisionId = sampleId(first + n + 0x3000) as DecisionId;
  return {
    asked: today({
      type: 'OrderPendingReplace',
      data: { ...of, decisionId, intent, reservedCash },
    }),
    replaced: today({
      type: 'OrderReplaced',
      data: { ...of, bar: null, intent, leavesQuantity, reservedCash, stopAt: null },
    }),
    refused: today({
      type: 'OrderReplaceRejected',
      data: { ...of, bar: null, reason: 'filled already' },
    }),
    moved: (stopAt: string) =>
      today({ type: 'OrderStopMoved', data: { ...of, bar: null, stopAt: price.of(stopAt) } }),
    triggered: (stopAt: string) =>
      today({ type: 'OrderTriggered', data: { ...of, bar: null, stopAt: price.of(stopAt) } }),
  };
};

const linked = (event: AnyEvent, parent: number): AnyEvent =>
  event.type === 'OrderSubmitted'
    ? { ...event, data: { ...event.data, link: { role: 'stop_loss', parentId: orderId(parent) } } }
    : event;

const haltId = (n: number) => sampleId(first + n) as HaltId;
const requestId = sampleId(first + 0x50) as ApprovalRequestId;

/** Halts of every scope in the control stream, with a copy in a session, and the release of one. */
const halts: readonly Placed[] = [
  { stream: controlStream, event: halted(first + 0x41) },
  today(halted(first + 0x41)),
  { stream: controlStream, event: halted(first + 0x42, 'symbol', 'MSFT') },
  { stream: controlStream, event: halted(first + 0x43, 'strategy', 'momentum_v1') },
  {
    stream: controlStream,
    event: {
      type: 'HaltReleaseRequested',
      data: {
        requestId,
        haltId: haltId(0x41),
        reason: 'the test is over',
        requestedBy: 'local:test',
        requestedAt: minutesLater(1),
        expiresAt: minutesLater(16),
      },
    },
  },
  {
    stream: controlStream,
    event: {
      type: 'HaltReleased',
      data: {
        haltId: haltId(0x41),
        requestId,
        releasedBy: 'human:test',
        releasedAt: minutesLater(2),
      },
    },
  },
];

/** An order that trades in parts under changing terms, with an exit that its fill sets out. */
const changing: readonly Placed[] = [
  ...placed(1, limit),
  today(happened('OrderAccepted', first + 1)),
  today(filled(first + 1, limit, { shares: 3, before: 0, cash: cash('99700') })),
  today(linked(submitted(first + 2, exit), 1)),
  terms(1, wider, 3).asked,
  terms(1, wider, 3).replaced,
  terms(1, limit, 3).asked,
  terms(1, limit, 3).refused,
  today(reasoned('OrderPendingCancel', first + 1)),
  today(reasoned('OrderCancelRejected', first + 1)),
  today(filled(first + 1, wider, { shares: 9, before: 3, cash: cash('98800') })),
  today(happened('OrderAccepted', first + 2)),
  terms(2, exit, 0).triggered('90'),
  today(filled(first + 2, exit, { shares: 4, before: 0, cash: cash('99160') })),
  today(reasoned('OrderPendingCancel', first + 2)),
  today(reasoned('OrderCanceled', first + 2)),
  // The cancel and a fill crossed on their way.
  today(filled(first + 2, exit, { shares: 1, before: 4, cash: cash('99250') })),
];

/** What the venue takes back or puts right of the n-th order, as the corpus has it. */
const changed = (type: 'ExecutionBusted' | 'ExecutionCorrected', n: number): Placed => {
  const { stream, event } = kept(type, sessionStream);
  return { stream, event: { ...event, data: { ...event.data, orderId: orderId(n) } } as AnyEvent };
};

/** The other ends that an order can have. */
const endings: readonly Placed[] = [
  today(assessed(first + 3, intentOf('MSFT', 1))),
  today(denied(first + 3, intentOf('MSFT', 1))),
  ...placed(4, intentOf('MSFT', 2)),
  today(reasoned('OrderRejected', first + 4)),
  ...placed(5, intentOf('AAPL', 2)),
  today(reasoned('OrderOutcomeUnknown', first + 5)),
  today(happened('OrderAccepted', first + 5)),
  today(happened('OrderExpired', first + 5)),
  ...placed(7, limit),
  today(happened('OrderAccepted', first + 7)),
  today(filled(first + 7, limit, { shares: 10, before: 0, cash: cash('98250') })),
  changed('ExecutionCorrected', 7),
  changed('ExecutionBusted', 7),
  kept('OrderAdopted', sessionStream),
  ...placed(6, trailing),
  today(happened('OrderAccepted', first + 6)),
  terms(6, trailing, 0).moved('97.5'),
];

/** A corporate action that takes the trailing stop of the n-th order along. */
const acted = (n: number): Placed => {
  const { stream, event } = kept('CorporateActionApplied', nextStream);
  if (event.type !== 'CorporateActionApplied') throw new Error('the corpus holds another event');
  const stops = event.data.stops?.map((stop) => ({ ...stop, orderId: orderId(n) })) ?? null;
  return { stream, event: { ...event, data: { ...event.data, stops } } };
};

const carried: WorkingOrder = {
  orderId: orderId(6),
  decisionId: sampleId(first + 6 + 0x1000) as DecisionId,
  sequence: 6,
  status: 'accepted',
  statusBefore: null,
  cancelRequestedAt: null,
  intent: trailing,
  submittedAt: minutesLater(0),
  cumulativeQuantity: quantity.zero,
  leavesQuantity: trailing.quantity,
  filledNotional: money.zero,
  fills: 0,
  fees: money.zero,
  reservedCash: money.zero,
  stopAt: price.of('97.5'),
};
const holding = {
  symbol: ticker('NVDA'),
  quantity: quantity.fromShares(7),
  averagePrice: price.of('100'),
  cost: money.of('700'),
};
const books = {
  account: 'paper',
  cash: money.of('99250'),
  positions: [holding],
  marks: [{ symbol: ticker('NVDA'), price: price.of('101'), at: minutesLater(300) }],
  equity: money.of('99957'),
  lossStreak: { count: 1, lastLossAt: minutesLater(5) },
  carriedOrders: 1,
  weekOf: sampleDate,
  weekStartEquity: money.of('100000'),
};

const nextDay: readonly Placed[] = [
  today({
    type: 'SessionClosed',
    data: {
      ...books,
      date: sampleDate,
      at: minutesLater(300),
      realizedPnl: money.of('-1'),
      fees: money.of('0.05'),
    },
  }),
  tomorrow(
    opened({
      ...{ ...books, date: nextDate, at: minutesLater(1_200), tradingEnabled: false },
      ...{ previous: sessionStream, previousDate: sampleDate },
    }),
  ),
  tomorrow({
    type: 'WorkingOrdersCarried',
    data: { orders: [carried], at: minutesLater(1_200) },
  }),
  acted(6),
  kept('BorrowFeeCharged', nextStream),
  tomorrow({ type: 'TradingEnabled', data: { at: minutesLater(1_200) } }),
  tomorrow(filled(first + 6, trailing, { shares: 5, before: 0, cash: money.of('99750') })),
  kept('OrderProposed', nextStream),
  kept('ApprovalRequested', nextStream),
  kept('ApprovalGranted', nextStream),
  kept('ApprovalExpired', nextStream),
  kept('LimitsProposed', controlStream),
  kept('ApprovalDeclined', controlStream),
  kept('WindDownRequested', nextStream),
  kept('WindDownEnded', nextStream),
  kept('PaperAccountReset', nextStream),
  kept('AccessAdopted', nextStream),
];

/**
 * One story that holds every type of event, in an order in which each may happen. Views are pinned by
 * it: another story makes other pins, so it is changed together with the catalogue of events alone.
 */
export const wholeStory: readonly Placed[] = [
  kept('MarketBound', controlStream),
  kept('AccountBound', controlStream),
  kept('StrategyRegistered', streamName('strategy', 'fast_momentum')),
  ...(
    [
      'BacktestCompleted',
      'PromotionDenied',
      'StrategyPromoted',
      'PromotionRequested',
      'PromotionRequestExpired',
      'StrategySuspended',
      'StrategyRetired',
    ] as const
  ).map((type) => kept(type, streamName('strategy', 'fast_momentum'))),
  kept('SymbolAdded', streamName('watchlist', 'main')),
  kept('SymbolUpdated', streamName('watchlist', 'main')),
  kept('SymbolRemoved', streamName('watchlist', 'main')),
  kept('LimitsAdopted', controlStream),
  kept('SessionRegistered', controlStream),
  today(opened()),
  kept('EvidenceRecorded', streamName('evidence', 'sample')),
  kept('RegimeClassified', streamName('regime', 'NVDA')),
  kept('SignalFound', streamName('signal', 'momentum_v1')),
  kept('ScanCompleted', streamName('signal', 'momentum_v1')),
  ...halts,
  kept('HaltReleaseExpired', controlStream),
  ...changing,
  ...endings,
  ...nextDay,
  kept('SessionDeregistered', controlStream),
  kept('BacktestTradesKept', streamName('backtest', 'sample')),
  kept('BacktestRecorded', streamName('backtest', 'sample')),
  kept('WalkForwardRecorded', streamName('backtest', 'other')),
  ...(['AccessGranted', 'AccessChanged', 'AccessRevoked'] as const).map((type) =>
    kept(type, streamName('grant', 'sample')),
  ),
  ...(['KeyIssued', 'KeyRotated', 'KeyRevoked'] as const).map((type) =>
    kept(type, streamName('key', 'sample')),
  ),
  ...(['PasskeyRegistered', 'PasskeyRemoved'] as const).map((type) =>
    kept(type, streamName('operator', 'alice')),
  ),
];

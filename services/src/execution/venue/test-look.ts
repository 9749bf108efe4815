import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { nextStatus } from '@sentinel/contracts/execution';
import {
  type DecisionId,
  money,
  type OrderId,
  price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketSession, Quote, Ticker } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { type PaperReport, type VenueLook, venueReports } from './index.ts';

const symbol = 'NVDA' as Ticker;
const date = '2026-11-23' as TradingDate;
export const submittedAt = Temporal.Instant.from('2026-11-23T15:00:00Z');
export const later = (milliseconds: number) => submittedAt.add({ milliseconds });
export const terms: VenueTerms = {
  seed: 42,
  latencyMs: 50,
  slippageBps: 5,
  feeSchedule: 'us-equity-1',
};
export const open: MarketSession = {
  state: 'open',
  date,
  opensAt: Temporal.Instant.from('2026-11-23T14:30:00Z'),
  closesAt: Temporal.Instant.from('2026-11-23T21:00:00Z'),
  calendar: 'test',
};

export const orderOf = (
  intent: Partial<OrderIntent>,
  rest: Partial<WorkingOrder> = {},
): WorkingOrder => {
  const shares = intent.quantity ?? quantity.of('100');
  return {
    orderId: '00000000-0000-7000-8000-000000000001' as OrderId,
    decisionId: '00000000-0000-7000-8000-000000000002' as DecisionId,
    sequence: 1,
    status: 'accepted',
    statusBefore: null,
    cancelRequestedAt: null,
    intent: {
      symbol,
      side: 'buy',
      quantity: shares,
      orderType: intent.limitPrice ? 'limit' : 'market',
      limitPrice: null,
      stopPrice: null,
      timeInForce: 'day',
      strategyId: null,
      ...intent,
    },
    submittedAt,
    cumulativeQuantity: quantity.zero,
    leavesQuantity: shares,
    filledNotional: money.zero,
    fills: 0,
    fees: money.zero,
    reservedCash: money.zero,
    ...rest,
  };
};

export const quoteAt = (at: Temporal.Instant, rest: Partial<Quote> = {}): Quote => ({
  symbol,
  bid: price.of('119.99'),
  bidSize: quantity.of('500'),
  ask: price.of('120.01'),
  askSize: quantity.of('500'),
  last: price.of('120'),
  at,
  source: 'mock',
  ...rest,
});

export const look = (rest: Partial<VenueLook> = {}): VenueLook => ({
  order: orderOf({}),
  quote: quoteAt(later(1_000)),
  session: open,
  terms,
  tradingDate: date,
  lastLookAt: undefined,
  ...rest,
});
export const types = (reports: readonly PaperReport[]) => reports.map((report) => report.type);
type FillReport = Extract<PaperReport, { type: 'fill' }>;
export const fillsOf = (reports: readonly PaperReport[]) =>
  reports.filter((report): report is FillReport => report.type === 'fill');
export const fillIn = (rest: Partial<VenueLook>): FillReport => {
  const [fill] = fillsOf(venueReports(look(rest)));
  if (fill === undefined) throw new Error('nothing was filled');
  return fill;
};

/** Takes an order through quote after quote, as the session would. */
export const follow = (
  order: WorkingOrder,
  quotes: readonly Quote[],
  rest: Partial<VenueLook> = {},
) => {
  let current = order;
  let lastLookAt: Temporal.Instant | undefined;
  const all: PaperReport[] = [];
  for (const quote of quotes) {
    const reports = venueReports(look({ ...rest, order: current, quote, lastLookAt }));
    lastLookAt = quote.at;
    for (const report of reports) {
      all.push(report);
      current = taken(current, report);
    }
  }
  return { order: current, reports: all };
};

const triggerOf = (report: PaperReport, leaves: bigint) => {
  if (report.type === 'fill') return leaves === 0n ? 'OrderFilled' : 'OrderPartiallyFilled';
  const named = {
    accepted: 'OrderAccepted',
    rejected: 'OrderRejected',
    canceled: 'OrderCanceled',
    expired: 'OrderExpired',
    unknown: 'OrderOutcomeUnknown',
    triggered: 'OrderTriggered',
    stop_moved: 'OrderStopMoved',
    replaced: 'OrderReplaced',
    replace_rejected: 'OrderReplaceRejected',
  } as const;
  return named[report.type];
};

const taken = (order: WorkingOrder, report: PaperReport): WorkingOrder => {
  const filled = report.type === 'fill' ? report.quantity : quantity.zero;
  const leavesQuantity = quantity.subtract(order.leavesQuantity, filled);
  const status = nextStatus(order.status, order.statusBefore, triggerOf(report, leavesQuantity));
  if (status === undefined) throw new Error(`${report.type} of an order that is ${order.status}`);
  const cumulativeQuantity = quantity.add(order.cumulativeQuantity, filled);
  const stop =
    report.type === 'triggered'
      ? { stopAt: report.stopAt, triggeredAt: report.at }
      : report.type === 'stop_moved'
        ? { stopAt: report.stopAt }
        : {};
  const fills = order.fills + (report.type === 'fill' ? 1 : 0);
  return { ...order, ...stop, status, fills, leavesQuantity, cumulativeQuantity };
};

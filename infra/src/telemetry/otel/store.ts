import type { Counter, Meter } from '@opentelemetry/api';
import {
  type AppendResult,
  type EventStore,
  type NewEvent,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import type { LiveSpans } from './operations.ts';

/** Seconds: a local append takes a few thousandths, a wait for a full disk many. */
const bucketsSeconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Ids that one span names at the most; it counts them all. */
const mostIds = 32;

/** What became of an order, by the event that says so. */
const outcomes: Readonly<Record<string, string>> = {
  OrderSubmitted: 'submitted',
  OrderDenied: 'denied',
  OrderProposed: 'proposed',
  OrderAccepted: 'accepted',
  OrderRejected: 'rejected',
  OrderFilled: 'filled',
  OrderCanceled: 'canceled',
  OrderExpired: 'expired',
  OrderOutcomeUnknown: 'unknown',
};

const countOrders = (orders: Counter, events: readonly NewEvent[]): void => {
  for (const { type, data } of events) {
    const outcome = outcomes[type];
    if (outcome === undefined) continue;
    const { code } = data as { readonly code?: string };
    orders.add(1, {
      'sentinel.order.outcome': outcome,
      ...(type === 'OrderDenied' && code !== undefined && { 'sentinel.denial.code': code }),
    });
  }
};

/** Tells each span under way which events it led to. An append may hold those of several. */
const tellSpans = (live: LiveSpans, events: readonly NewEvent[], result: AppendResult): void => {
  if (live.size === 0) return;
  const ids = Map.groupBy(events, ({ metadata }) => metadata.traceparent);
  for (const [traceparent, own] of ids)
    if (traceparent !== undefined)
      live.get(traceparent)?.addEvent('sentinel.appended', {
        'sentinel.event.ids': own.slice(0, mostIds).map(({ id }) => id),
        'sentinel.event.count': own.length,
        'sentinel.log.position': `${result.logPosition}`,
      });
};

const typeOf = (error: unknown): string => (error instanceof Error ? error.name : '_OTHER');

/** Measures appends, counts what they say of orders, and leads from a trace to its events. */
export const watchStore = (meter: Meter, live: LiveSpans): ((store: EventStore) => EventStore) => {
  const duration = meter.createHistogram('sentinel.append.duration', {
    unit: 's',
    description: 'How long appends to the event log took.',
    advice: { explicitBucketBoundaries: bucketsSeconds },
  });
  const conflicts = meter.createCounter('sentinel.append.conflicts', {
    description: 'Appends that another writer came before; they are decided again.',
  });
  const orders = meter.createCounter('sentinel.orders', {
    description: 'Orders by what became of them in this process, and denials by their code.',
  });
  conflicts.add(0);
  return (store) => ({
    ...store,
    appendToStream: async (stream, events, expected) => {
      const beganMs = performance.now();
      const took = () => (performance.now() - beganMs) / 1_000;
      try {
        const result = await store.appendToStream(stream, events, expected);
        duration.record(took());
        if (!result.repeated) countOrders(orders, events);
        tellSpans(live, events, result);
        return result;
      } catch (error) {
        duration.record(took(), { 'error.type': typeOf(error) });
        if (error instanceof WrongExpectedVersion) conflicts.add(1);
        throw error;
      }
    },
  });
};

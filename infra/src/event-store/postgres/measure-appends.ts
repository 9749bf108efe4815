import {
  type EventId,
  type EventStore,
  type Json,
  type NewEvent,
  type StreamName,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import { migrate } from '../../postgres/index.ts';
import { newId, systemClock } from '../../runtime/index.ts';
import { openPostgresEventStore } from './open-postgres-event-store.ts';

/** Appends of one event of about 500 bytes each, per second; every caller waits for its answer. */
export type AppendMeasurement = {
  readonly callers1: number;
  readonly callers16: number;
  readonly callers256: number;
  /** One caller who appends what it was given to, instead. */
  readonly given1: number;
  /** How many times as many appends 16 callers get done as one. The promise is 2.5. */
  readonly ratio16: number;
};

const warmUpMs = 500;
const measureMs = 2_000;
const quiet = { info: () => undefined, warn: () => undefined };

/** A payload to append: its type and its stored form. */
export type Payload = { readonly type: string; readonly data: Json };

/**
 * Measures against an empty database of its own; takes about ten seconds. `given` are the events of
 * one append of which the rate is wanted.
 */
export const measureAppends = async (
  connectionString: string,
  given: readonly Payload[] = [small],
): Promise<AppendMeasurement> => {
  await migrate(connectionString);
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log: quiet });
  try {
    await appendsPerSecond(store, [small], { callers: 16, forMs: warmUpMs });
    const callers1 = await appendsPerSecond(store, [small], { callers: 1, forMs: measureMs });
    const callers16 = await appendsPerSecond(store, [small], { callers: 16, forMs: measureMs });
    const callers256 = await appendsPerSecond(store, [small], { callers: 256, forMs: measureMs });
    const given1 = await appendsPerSecond(store, given, { callers: 1, forMs: measureMs });
    return { given1, callers1, callers16, callers256, ratio16: callers16 / callers1 };
  } finally {
    await store.close();
  }
};

const appendsPerSecond = async (
  store: EventStore,
  payloads: readonly Payload[],
  { callers, forMs }: { readonly callers: number; readonly forMs: number },
): Promise<number> => {
  const begin = performance.now();
  const counts = await Promise.all(
    Array.from({ length: callers }, () => callUntil(store, payloads, begin + forMs)),
  );
  const done = counts.reduce((sum, count) => sum + count, 0);
  return Math.round((done * 1_000) / (performance.now() - begin));
};

/** One caller on a stream of its own, each append at the version that the last one reached. */
const callUntil = async (
  store: EventStore,
  payloads: readonly Payload[],
  endMs: number,
): Promise<number> => {
  const stream: StreamName = streamName('bench', newId());
  let version: StreamVersion | 'no-stream' = 'no-stream';
  let count = 0;
  for (; performance.now() < endMs; count++) {
    ({ version } = await store.appendToStream(stream, payloads.map(newEvent), version));
  }
  return count;
};

const small: Payload = {
  type: 'BenchmarkTaken',
  data: { symbol: 'AAPL', price: '191.25', text: 'x'.repeat(300) },
};

const newEvent = ({ type, data }: Payload): NewEvent => ({
  id: newId() as EventId,
  type,
  schemaVersion: 1,
  data,
  metadata: {
    principal: 'system:bench',
    client: 'bench',
    tool: 'bench',
    correlationId: '01923456-789a-77ff-bfff-ffffffffffff',
    causationId: '01923456-789a-77ff-bfff-ffffffffffff',
  },
});

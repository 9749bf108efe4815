import {
  type EventId,
  type EventStore,
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
  /** How many times as many appends 16 callers get done as one. The promise is 2.5. */
  readonly ratio16: number;
};

const warmUpMs = 500;
const measureMs = 2_000;
const quiet = { info: () => undefined, warn: () => undefined };

/** Measures against an empty database of its own; takes about eight seconds. */
export const measureAppends = async (connectionString: string): Promise<AppendMeasurement> => {
  await migrate(connectionString);
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log: quiet });
  try {
    await appendsPerSecond(store, 16, warmUpMs);
    const callers1 = await appendsPerSecond(store, 1, measureMs);
    const callers16 = await appendsPerSecond(store, 16, measureMs);
    const callers256 = await appendsPerSecond(store, 256, measureMs);
    return { callers1, callers16, callers256, ratio16: callers16 / callers1 };
  } finally {
    await store.close();
  }
};

const appendsPerSecond = async (
  store: EventStore,
  callers: number,
  forMs: number,
): Promise<number> => {
  const begin = performance.now();
  const counts = await Promise.all(
    Array.from({ length: callers }, () => callUntil(store, begin + forMs)),
  );
  const done = counts.reduce((sum, count) => sum + count, 0);
  return Math.round((done * 1_000) / (performance.now() - begin));
};

/** One caller on a stream of its own, each append at the version that the last one reached. */
const callUntil = async (store: EventStore, endMs: number): Promise<number> => {
  const stream: StreamName = streamName('bench', newId());
  let version: StreamVersion | 'no-stream' = 'no-stream';
  let count = 0;
  for (; performance.now() < endMs; count++) {
    ({ version } = await store.appendToStream(stream, [sample()], version));
  }
  return count;
};

const sample = (): NewEvent => ({
  id: newId() as EventId,
  type: 'BenchmarkTaken',
  schemaVersion: 1,
  data: { symbol: 'AAPL', price: '191.25', text: 'x'.repeat(300) },
  metadata: {
    principal: 'system:bench',
    client: 'bench',
    tool: 'bench',
    correlationId: '01923456-789a-77ff-bfff-ffffffffffff',
    causationId: '01923456-789a-77ff-bfff-ffffffffffff',
  },
});

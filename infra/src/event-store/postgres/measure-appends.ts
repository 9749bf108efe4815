import {
  type EventId,
  type EventMetadata,
  type EventStore,
  type NewEvent,
  type StreamName,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import { migrate } from '../../postgres/index.ts';
import { newId, systemClock } from '../../runtime/index.ts';
import { openPostgresEventStore } from './open-postgres-event-store.ts';

/** An event to append again and again, each time under an id of its own. */
export type Payload = Omit<NewEvent, 'id'>;

/** A store with nobody in it but whoever measures. */
export type AppendMeter = {
  /** Appends of `payloads` a second by `callers`, each of whom waits for every answer. */
  readonly rate: (
    payloads: readonly Payload[],
    load: { readonly callers: number; readonly forMs: number },
  ) => Promise<number>;
  readonly close: () => Promise<void>;
};

const metadata: EventMetadata = {
  principal: 'system:bench',
  client: 'bench',
  tool: 'bench',
  correlationId: '01923456-789a-77ff-bfff-ffffffffffff',
  causationId: '01923456-789a-77ff-bfff-ffffffffffff',
};

/** An event of about 500 bytes with its metadata. */
export const smallPayload: Payload = {
  type: 'BenchmarkTaken',
  schemaVersion: 1,
  data: { symbol: 'AAPL', price: '191.25', text: 'x'.repeat(300) },
  metadata,
};

/** Opens an empty database of its own to measure in. */
export const openAppendMeter = async (connectionString: string): Promise<AppendMeter> => {
  await migrate(connectionString);
  const log = { info: () => undefined, warn: () => undefined };
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log });
  return {
    rate: async (payloads, { callers, forMs }) => {
      const begin = performance.now();
      const counts = await Promise.all(
        Array.from({ length: callers }, () => callUntil(store, payloads, begin + forMs)),
      );
      const done = counts.reduce((sum, count) => sum + count, 0);
      return (done * 1_000) / (performance.now() - begin);
    },
    close: store.close,
  };
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
    const events = payloads.map((payload) => ({ ...payload, id: newId() as EventId }));
    ({ version } = await store.appendToStream(stream, events, version));
  }
  return count;
};

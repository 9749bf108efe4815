import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  EventStore,
  LogPosition,
  NewEvent,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';

/** A recorded event as a file holds it: big numbers and the time as text. */
type Stored = NewEvent & {
  readonly stream: StreamName;
  readonly version: string;
  readonly position: string;
  readonly recordedAt: string;
};

export type OldLog = {
  readonly recorded: readonly RecordedEvent[];
  /** A log in memory that holds exactly these events. */
  readonly open: () => Promise<EventStore>;
};

const expectedBefore = (version: StreamVersion): StreamVersion | 'no-stream' =>
  version === 0n ? 'no-stream' : ((version - 1n) as StreamVersion);

/** The log that a released version wrote, from the folder of fixtures. */
export const oldLog = (version: string): OldLog => {
  const file = join(import.meta.dirname, 'fixtures', `log-${version}.json`);
  const recorded = (JSON.parse(readFileSync(file, 'utf8')) as readonly Stored[]).map(
    ({ position, ...stored }): RecordedEvent => ({
      ...stored,
      version: BigInt(stored.version) as StreamVersion,
      logPosition: BigInt(position) as LogPosition,
      recordedAt: Temporal.Instant.from(stored.recordedAt),
    }),
  );
  return {
    recorded,
    open: async () => {
      const clock = { now: recorded[0]?.recordedAt ?? Temporal.Instant.fromEpochMilliseconds(0) };
      const store = memoryEventStore({ now: () => clock.now });
      for (const { stream, version: at, logPosition: _, recordedAt, ...event } of recorded) {
        clock.now = recordedAt;
        await store.appendToStream(stream, [event], expectedBefore(at));
      }
      return store;
    },
  };
};

import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreCorrupt,
  EventStoreUnavailable,
  type LogPosition,
  type RecordedEvent,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Pool } from 'pg';
import { reasonOf } from '../../runtime/index.ts';
import { type EventRow, eventQuery, toRecordedEvent } from './rows.ts';

export type Reader = {
  /** @throws EventStoreUnavailable, EventStoreCorrupt when a position is missing */
  readonly all: (after: bigint, limit: number) => Promise<readonly RecordedEvent[]>;
  /** @throws EventStoreUnavailable, EventStoreCorrupt when a version is missing */
  readonly stream: (
    stream: StreamName,
    from: bigint,
    maxCount: number,
  ) => Promise<readonly RecordedEvent[]>;
  readonly lastPosition: () => Promise<LogPosition>;
};

const streamPage = 5_000;
/** Reading twice does no harm, so a connection that dies under a read is worth two more. */
const retryPausesMs = [50, 250];

export const reader = (pool: Pool): Reader => {
  const select = async (
    ...query: Parameters<typeof eventQuery>
  ): Promise<readonly RecordedEvent[]> => {
    const { rows } = await retrying(() => pool.query<EventRow>(eventQuery(...query)));
    const events = rows.map(toRecordedEvent);
    // The driver's own objects stay chained to one another until a full collection: a long read would
    // keep the texts of all its pages until then.
    rows.length = 0;
    return events;
  };
  return {
    all: async (after, limit) => {
      const events = await select(
        'sentinel-page',
        'where position > $1 order by position limit $2',
        [`${after}`, limit],
      );
      requireDense(
        'the log',
        events.map(({ logPosition }) => logPosition),
        after + 1n,
      );
      return events;
    },
    stream: async (stream, from, maxCount) => {
      const events: RecordedEvent[] = [];
      for (let full = true; full && events.length < maxCount; ) {
        const next = from + BigInt(events.length);
        const limit = Math.min(streamPage, maxCount - events.length);
        const page = await select(
          'sentinel-stream',
          'where stream = $1 and version >= $2 order by version limit $3',
          [stream, `${next}`, limit],
        );
        requireDense(
          stream,
          page.map(({ version }) => version),
          next,
        );
        events.push(...page);
        full = page.length === limit;
      }
      return events;
    },
    lastPosition: async () => {
      const { rows } = await retrying(() =>
        pool.query<{ last: string }>(
          'select coalesce(max(position), 0)::text as last from sentinel.events',
        ),
      );
      return BigInt(rows[0]?.last ?? 0) as LogPosition;
    },
  };
};

/** The writer leaves no gap and deletes nothing: a number that is missing has been taken away. */
const requireDense = (what: string, found: readonly bigint[], first: bigint): void => {
  const hole = found.findIndex((number, index) => number !== first + BigInt(index));
  if (hole !== -1)
    throw new EventStoreCorrupt(`${what} has a hole: number ${first + BigInt(hole)} is missing`);
};

const retrying = async <Result>(query: () => Promise<Result>): Promise<Result> => {
  for (const pauseMs of retryPausesMs) {
    try {
      return await query();
    } catch {
      // The last attempt tells what is wrong.
      await sleep(pauseMs);
    }
  }
  try {
    return await query();
  } catch (cause) {
    throw new EventStoreUnavailable(`the log cannot be read: ${reasonOf(cause)}`, { cause });
  }
};

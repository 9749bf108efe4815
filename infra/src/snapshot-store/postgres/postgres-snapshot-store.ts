import {
  type EventId,
  type LogPosition,
  type SnapshotStore,
  SnapshotStoreUnavailable,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import type { QueryResult, QueryResultRow } from 'pg';
import { isOutage, openPool } from '../../postgres/index.ts';
import type { Log } from '../../runtime/index.ts';
import { pack, unpack } from '../packing.ts';
import { statements } from './statements.ts';

type Row = {
  readonly version: string;
  readonly position: string;
  readonly eventId: EventId;
  readonly state: Buffer;
};

/** Snapshots in a database that `migrate` has prepared, made and read by `code` alone. */
export const openPostgresSnapshotStore = ({
  connectionString,
  code,
  log,
}: {
  readonly connectionString: string;
  /** The code whose folds these are: a digest that changes with any of it. */
  readonly code: string;
  readonly log: Log;
}): SnapshotStore => {
  const pool = openPool({ connectionString, purpose: 'snapshots', size: 1, log });
  let closing: Promise<void> | undefined;

  const query = async <Answer extends QueryResultRow>(
    statement: keyof typeof statements,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Answer>> => {
    if (closing !== undefined)
      throw new SnapshotStoreUnavailable('the store of snapshots is closed');
    try {
      return await pool.query<Answer>(statements[statement], [...values]);
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      throw new SnapshotStoreUnavailable(`snapshots cannot be reached: ${cause.message}`, {
        cause,
      });
    }
  };

  return {
    load: async (stream) => {
      const { rows } = await query<Row>('load', [stream, code]);
      const [row] = rows;
      if (row === undefined) return undefined;
      try {
        return {
          version: BigInt(row.version) as StreamVersion,
          logPosition: BigInt(row.position) as LogPosition,
          eventId: row.eventId,
          parts: await unpack(row.state),
        };
      } catch (cause) {
        log.warn(`the snapshot of ${stream} cannot be read, so its events are: ${String(cause)}`);
        return undefined;
      }
    },
    save: async (stream, { version, logPosition, eventId }, parts) => {
      const state = await pack(parts);
      const values = [stream, code, `${version}`, `${logPosition}`, eventId, state];
      await query('save', values);
      await query('forget');
      await query('tidy');
    },
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
};

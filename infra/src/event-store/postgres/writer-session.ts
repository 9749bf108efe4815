import { EventStoreFenced, type RecordedEvent, type StreamName } from '@sentinel/contracts/kernel';
import type pg from 'pg';
import { textArray } from '../../postgres/index.ts';
import type { EncodedEvent } from '../append-request.ts';
import { noVersion } from '../expected-version.ts';
import { type EventRow, eventQuery, toRecordedEvent } from './rows.ts';

/** The one connection that may write, with the lock and an epoch of its own. */
export type WriterSession = {
  /** Position of the last event when the session began. */
  readonly lastPosition: bigint;
  /** Writes all of it or nothing. @throws EventStoreFenced when this is not the last epoch any more. */
  readonly insert: (
    events: readonly PlacedEvent[],
    firstPosition: bigint,
    /** The time of those that are new to this log. */
    nowUs: bigint,
  ) => Promise<void>;
  readonly heads: (streams: readonly StreamName[]) => Promise<ReadonlyMap<string, bigint>>;
  readonly recorded: (ids: readonly string[]) => Promise<ReadonlyMap<string, RecordedEvent>>;
  readonly close: () => Promise<void>;
};

export type PlacedEvent = EncodedEvent & { readonly stream: StreamName; readonly version: bigint };

const insertText = `
  with writer as materialized (select from sentinel.writer where epoch = $1::bigint for share)
  insert into sentinel.events
    (position, stream, version, id, type, schema_version, data, metadata, recorded_at_us)
  select $2::bigint + added.place - 1, added.stream, added.version::bigint, added.id::uuid, added.type,
    added.schema_version::integer, added.data::json, added.metadata::json,
    added.recorded_at_us::bigint
  from writer, unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[])
    with ordinality
      as added (stream, version, id, type, schema_version, data, metadata, recorded_at_us, place)`;

const headsText = `
  select wanted.stream, (
    select version from sentinel.events where events.stream = wanted.stream order by version desc limit 1
  )::text as version
  from unnest($1::text[]) as wanted (stream)`;

/** Wraps a connection that holds the lock and has just been given `epoch`. */
export const writerSession = async (client: pg.Client, epoch: string): Promise<WriterSession> => {
  const { rows } = await client.query<{ last: string }>(
    'select coalesce(max(position), 0)::text as last from sentinel.events',
  );
  return {
    lastPosition: BigInt(rows[0]?.last ?? 0),
    insert: async (events, firstPosition, nowUs) => {
      const column = (pick: (event: PlacedEvent) => string) => textArray(events.map(pick));
      const { rowCount } = await client.query({
        name: 'sentinel-append',
        text: insertText,
        values: [
          epoch,
          firstPosition.toString(),
          column(({ stream }) => stream),
          column(({ version }) => version.toString()),
          column(({ id }) => id),
          column(({ type }) => type),
          column(({ schemaVersion }) => schemaVersion.toString()),
          column(({ data }) => data),
          column(({ metadata }) => metadata),
          column(({ recordedAtUs }) => `${recordedAtUs ?? nowUs}`),
        ],
      });
      if (rowCount !== events.length) throw fenced();
    },
    heads: async (streams) => {
      const found = await client.query<{ stream: string; version: string | null }>({
        name: 'sentinel-heads',
        text: headsText,
        values: [textArray(streams)],
      });
      return new Map(
        found.rows.map(({ stream, version }) => [
          stream,
          version === null ? noVersion : BigInt(version),
        ]),
      );
    },
    recorded: async (ids) => {
      const found = await client.query<EventRow>(
        eventQuery('sentinel-by-id', 'where id = any($1::text[]::uuid[])', [textArray(ids)]),
      );
      return new Map(found.rows.map((row) => [row[3], toRecordedEvent(row)]));
    },
    close: () => client.end(),
  };
};

export const fenced = (): EventStoreFenced =>
  new EventStoreFenced(
    'another Sentinel has taken over writing to this database: this one must be restarted',
  );

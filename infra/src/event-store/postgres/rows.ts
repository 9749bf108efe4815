import type { EventId, RecordedEvent, StreamName } from '@sentinel/contracts/kernel';
import type { QueryArrayConfig } from 'pg';
import { fromMicroseconds } from '../microseconds.ts';
import { recordedEvent } from '../recorded-event.ts';

const columns =
  'position, stream, version, id, type, schema_version, data, metadata, recorded_at_us';

/** A row as the server writes it: nine texts in the order of `columns`. */
export type EventRow = [string, string, string, string, string, string, string, string, string];

/** Every value arrives as the text it is: bigints stay exact, and JSON is parsed once, by us. */
const asText = { getTypeParser: () => (value: string) => value };

/** A prepared query over the events; `rest` is what follows `from sentinel.events`. */
export const eventQuery = (name: string, rest: string, values: unknown[]): QueryArrayConfig => ({
  name,
  text: `select ${columns} from sentinel.events ${rest}`,
  values,
  rowMode: 'array',
  types: asText,
});

export const toRecordedEvent = (row: EventRow): RecordedEvent => {
  const [position, stream, version, id, type, schemaVersion, data, metadata, recordedAtUs] = row;
  return recordedEvent(
    { id: id as EventId, type, schemaVersion: Number(schemaVersion), data, metadata },
    {
      stream: stream as StreamName,
      version: BigInt(version),
      logPosition: BigInt(position),
      recordedAt: fromMicroseconds(BigInt(recordedAtUs)),
    },
  );
};

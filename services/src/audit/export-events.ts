import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  canonicalJson,
  type Digest,
  type EventStore,
  type LogPosition,
  type RecordedEvent,
  type ResourceText,
  refused,
} from '@sentinel/contracts/kernel';
import { traceIdOf } from './asked-by.ts';
import { type Part, readPart } from './read-part.ts';

export type ExportOptions = {
  readonly eventStore: Pick<EventStore, 'readAll'>;
  readonly digest: Digest;
  /**
   * The part of the log that was recorded from `start` until before `end`: after which position, and up
   * to which. Undefined when nothing was.
   */
  readonly recordedBetween: (
    start: Temporal.Instant | undefined,
    end: Temporal.Instant | undefined,
  ) => Promise<Part | undefined>;
};

/** Events of one export at the most. */
const mostEvents = 10_000;
const mimeType = 'text/csv';
const address = /^sentinel:\/\/export\/events\/(\d{1,39})-(\d{1,39})\.csv$/;

const columns = [
  ...['log_position', 'event_id', 'type', 'schema_version', 'stream', 'version', 'recorded_at'],
  ...['principal', 'client', 'tool', 'correlation_id', 'causation_id', 'trace_id', 'data'],
];

/** A field that a spreadsheet would take for a formula is none: it begins with an apostrophe then. */
const field = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const lineOf = ({ metadata, ...event }: RecordedEvent): string =>
  [
    ...[`${event.logPosition}`, event.id, event.type, `${event.schemaVersion}`],
    ...[event.stream, `${event.version}`, event.recordedAt.toString()],
    ...[metadata.principal, metadata.client, metadata.tool],
    ...[metadata.correlationId, metadata.causationId, traceIdOf(metadata) ?? ''],
    canonicalJson(event.data),
  ]
    .map(field)
    .join(',');

const csvOf = (events: readonly RecordedEvent[]): string =>
  [columns.join(','), ...events.map(lineOf)].map((line) => `${line}\r\n`).join('');

/** An export as an address that names its first and last event: the log gives the same bytes for good. */
export const exportHandlers = ({
  eventStore,
  digest,
  recordedBetween,
}: ExportOptions): Handlers<'ExportEvents'> => ({
  ExportEvents: async ({ start, end }) => {
    const part = await recordedBetween(start, end);
    const events = part === undefined ? [] : await readPart(eventStore, part, mostEvents);
    const [first, last] = [events[0], events.at(-1)];
    if (part === undefined || first === undefined || last === undefined)
      return refused(
        'NOTHING_RECORDED',
        'Nothing was recorded in this period.',
        'Name another one, or none for the whole log; audit.recent_events shows the newest.',
      );
    if (events.length > mostEvents)
      return refused(
        'TOO_MANY_EVENTS',
        `The period holds more than ${mostEvents} events, the most that one export has.`,
        `End it at ${events[mostEvents]?.recordedAt ?? last.recordedAt}, and export the rest after it.`,
      );
    const text = csvOf(events);
    const name = `events ${first.logPosition} to ${last.logPosition}.csv`;
    const uri = `sentinel://export/events/${part.after}-${last.logPosition}.csv`;
    return accepted({
      resource: { uri, name, mime_type: mimeType },
      sha256: digest(text),
      bytes: new TextEncoder().encode(text).length,
      events_count: events.length,
      first_position: `${first.logPosition}`,
      last_position: `${last.logPosition}`,
    });
  },
});

/** What stands at the address of an export; undefined for any other, and for more than one may hold. */
export const readExport = async (
  eventStore: ExportOptions['eventStore'],
  uri: string,
): Promise<ResourceText | undefined> => {
  const [, after, last] = address.exec(uri) ?? [];
  if (after === undefined || last === undefined) return undefined;
  const part = { after: BigInt(after) as LogPosition, last: BigInt(last) as LogPosition };
  const events = await readPart(eventStore, part, mostEvents);
  if (events.length === 0 || events.length > mostEvents) return undefined;
  return events.at(-1)?.logPosition === part.last ? { mimeType, text: csvOf(events) } : undefined;
};

import { events } from '@sentinel/contracts';
import {
  beforeAll,
  eventIdSchema,
  instantSchema,
  type LogPosition,
  logPositionSchema,
  type ReadStore,
  z,
} from '@sentinel/contracts/kernel';
import {
  codedRow,
  type EventType,
  positionKey,
  projection,
  sortable,
  type ViewedEvent,
} from '../kernel/index.ts';
import { referencesOf } from './references.ts';
import { summaryOf } from './summary.ts';

const row = z.strictObject({
  event_id: eventIdSchema,
  type: z.string(),
  stream: z.string(),
  log_position: logPositionSchema,
  recorded_at: instantSchema,
  symbol: z.string().nullable(),
  strategy: z.string().nullable(),
  order_id: z.string().nullable(),
  decision_id: z.string().nullable(),
  principal: z.string(),
  tool: z.string(),
  summary: z.string(),
});
const types = Object.keys(events) as EventType[];

/** One row for each event of the log. */
export const recentEvents = projection({
  view: 'recent_events',
  version: 6,
  row: codedRow(row),
  types,
  begins: types,
  keys: ({ recorded }) => [positionKey(recorded.logPosition)],
  evolve: (_, { event, recorded }) => ({
    event_id: recorded.id,
    type: recorded.type,
    stream: recorded.stream,
    log_position: `${recorded.logPosition}`,
    recorded_at: recorded.recordedAt,
    ...referencesOf(event as ViewedEvent),
    principal: recorded.metadata.principal,
    tool: recorded.metadata.tool,
    summary: summaryOf(event as ViewedEvent),
  }),
  fields: ['event_id', 'symbol', 'strategy', 'type', 'recorded'],
  fieldsOf: ({ event_id, symbol, strategy, type, recorded_at }) => ({
    ...{ event_id, symbol, strategy, type },
    recorded: sortable(recorded_at),
  }),
});

/** The position of the last event that was recorded before `end`; undefined when none was. */
export const lastRecordedBefore = async (
  readStore: ReadStore,
  end: Temporal.Instant | undefined,
): Promise<LogPosition | undefined> => {
  const { value } = await readStore.find(recentEvents.view, {
    newestFirst: true,
    limit: 1,
    ...(end !== undefined && { between: { field: 'recorded', to: sortable(end) } }),
  });
  const [newest] = value;
  if (newest === undefined) return undefined;
  return BigInt(recentEvents.row.parse(newest.row).log_position) as LogPosition;
};

/** The part of the log that was recorded in a period, by the positions around it; undefined when it is empty. */
export const recordedBetween = async (
  readStore: ReadStore,
  start: Temporal.Instant | undefined,
  end: Temporal.Instant | undefined,
): Promise<{ readonly after: LogPosition; readonly last: LogPosition } | undefined> => {
  const last = await lastRecordedBefore(readStore, end);
  const before = start === undefined ? undefined : await lastRecordedBefore(readStore, start);
  const after = before ?? beforeAll;
  return last === undefined || last <= after ? undefined : { after, last };
};

import { type AnyEvent, events, type Handlers } from '@sentinel/contracts';
import {
  accepted,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  type ReadStore,
  z,
} from '@sentinel/contracts/kernel';
import {
  answering,
  codedRow,
  type EventType,
  positionKey,
  projection,
  readPage,
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
  version: 3,
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
    ...referencesOf(event as AnyEvent),
    principal: recorded.metadata.principal,
    tool: recorded.metadata.tool,
    summary: summaryOf(event as AnyEvent),
  }),
  fields: ['event_id', 'symbol', 'strategy', 'type'],
  fieldsOf: ({ event_id, symbol, strategy, type }) => ({ event_id, symbol, strategy, type }),
});

export const auditQueryHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListRecentEvents'> => ({
  ListRecentEvents: ({ symbol, strategy, type, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const page = await readPage(readStore, recentEvents, {
        newestFirst: true,
        limit,
        where: {
          ...(symbol !== undefined && { symbol }),
          ...(strategy !== undefined && { strategy }),
          ...(type !== undefined && { type }),
        },
        ...(cursor !== undefined && { cursor }),
      });
      return {
        value: accepted({ events: [...page.rows], next_cursor: page.nextCursor }),
        logPosition: page.logPosition,
      };
    }),
});

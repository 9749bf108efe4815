import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  eventIdSchema,
  instantSchema,
  type ReadStore,
  z,
} from '@sentinel/contracts/kernel';
import { marketSourceSchema, timeframeSchema } from '@sentinel/contracts/market';
import { regimeLabelSchema } from '@sentinel/contracts/regime';
import { answering, codedRow, positionKey, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  event_id: eventIdSchema,
  symbol: z.string(),
  timeframe: timeframeSchema,
  at: instantSchema,
  label: regimeLabelSchema,
  confidence: z.number(),
  tradeability: z.number(),
  volatility_state: z.enum(['calm', 'normal', 'turbulent']).nullable(),
  source: marketSourceSchema,
  bars_digest: z.string(),
  policy_version: z.string(),
});

/** One row for each classification, by evaluations and scans alike. */
export const classifications = projection({
  view: 'classifications',
  version: 2,
  row: codedRow(row),
  types: ['RegimeClassified'],
  begins: ['RegimeClassified'],
  keys: ({ recorded }) => [positionKey(recorded.logPosition)],
  evolve: (_, { event: { data }, recorded }) => ({
    event_id: recorded.id,
    symbol: data.symbol,
    timeframe: data.timeframe,
    at: data.at,
    label: data.classification.label,
    confidence: data.classification.confidence,
    tradeability: data.classification.tradeability,
    volatility_state: data.classification.metrics.hmm?.state ?? null,
    source: data.source,
    bars_digest: data.barsDigest,
    policy_version: data.policyVersion,
  }),
  fields: ['symbol', 'timeframe'],
  fieldsOf: ({ symbol, timeframe }) => ({ symbol, timeframe }),
});

export const regimeQueryHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListClassifications'> => ({
  ListClassifications: ({ symbol, timeframe, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const page = await readPage(readStore, classifications, {
        newestFirst: true,
        limit,
        where: { symbol, ...(timeframe !== undefined && { timeframe }) },
        ...(cursor !== undefined && { cursor }),
      });
      return {
        value: accepted({ classifications: [...page.rows], next_cursor: page.nextCursor }),
        logPosition: page.logPosition,
      };
    }),
});

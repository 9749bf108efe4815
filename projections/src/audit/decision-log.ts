import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  decisionIdSchema,
  instantSchema,
  type ReadStore,
  z,
} from '@sentinel/contracts/kernel';
import { checkCodeSchema } from '@sentinel/contracts/risk';
import {
  answering,
  codedRow,
  positionKey,
  projection,
  readPage,
  sortable,
} from '../kernel/index.ts';
import { unknownStrategy } from '../strategy/index.ts';
import { wishOf } from './summary.ts';

const row = z.strictObject({
  decision_id: decisionIdSchema,
  at: instantSchema,
  purpose: z.string(),
  order: z.string(),
  symbol: z.string(),
  strategy: z.string().nullable(),
  outcome: z.string(),
  denial_code: checkCodeSchema.nullable(),
  failed: z.string().array(),
  by: z.string(),
});

/** One row for each assessment, in the order of the log. */
export const decisionLog = projection({
  view: 'decision_log',
  version: 5,
  row: codedRow(row),
  types: ['RiskAssessed'],
  begins: ['RiskAssessed'],
  keys: ({ recorded }) => [positionKey(recorded.logPosition)],
  evolve: (_, { event: { data }, recorded }) => ({
    decision_id: data.decisionId,
    at: data.at,
    purpose: data.purpose,
    order: wishOf(data.intent),
    symbol: data.intent.symbol,
    strategy: data.intent.strategyId,
    outcome: data.outcome,
    denial_code: data.denialCode,
    failed: data.checks.flatMap(({ code, status }) => (status === 'FAIL' ? [code] : [])),
    by: recorded.metadata.principal,
  }),
  fields: ['at', 'outcome', 'symbol', 'strategy'],
  fieldsOf: ({ at, outcome, symbol, strategy }) => ({
    at: sortable(at),
    outcome,
    symbol,
    strategy,
  }),
});

export const decisionLogHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListDecisions'> => ({
  ListDecisions: ({ start, end, outcome, symbol, strategy, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const { rows, nextCursor, logPosition } = await readPage(readStore, decisionLog, {
        newestFirst: true,
        limit,
        where: {
          ...(outcome !== undefined && { outcome }),
          ...(symbol !== undefined && { symbol }),
          ...(strategy !== undefined && { strategy }),
        },
        ...((start ?? end) !== undefined && {
          between: {
            field: 'at',
            ...(start !== undefined && { from: sortable(start) }),
            ...(end !== undefined && { to: sortable(end) }),
          },
        }),
        ...(cursor !== undefined && { cursor }),
      });
      const unknown = await unknownStrategy(readStore, strategy);
      if (unknown !== undefined) return { value: unknown, logPosition };
      const decisions = rows.map(({ symbol: _, ...decision }) => decision);
      return { value: accepted({ decisions, next_cursor: nextCursor }), logPosition };
    }),
});

import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  approvalRequestIdSchema,
  instantSchema,
  type ReadStore,
  type StreamName,
  sha256Schema,
  z,
} from '@sentinel/contracts/kernel';
import { timeframeSchema } from '@sentinel/contracts/market';
import { strategyStateSchema } from '@sentinel/contracts/strategy';
import { answering, codedRow, type Fact, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  strategy: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.string(),
  timeframe: timeframeSchema,
  parameters: z.record(z.string(), z.number()),
  state: strategyStateSchema,
  /** When it came into this state, who brought it there and why, as far as that was recorded. */
  since: instantSchema,
  by: z.string().nullable(),
  reason: z.string().nullable(),
  /** Where a suspended strategy can return to. */
  before: strategyStateSchema.nullable(),
  /** What the last promotion has frozen. */
  configurationDigest: sha256Schema.nullable(),
  backtests: z.int(),
  denied: z.int(),
  pending: z
    .strictObject({
      requestId: approvalRequestIdSchema,
      to: strategyStateSchema,
      expiresAt: instantSchema,
    })
    .nullable(),
});
export type StrategyRow = z.output<typeof row>;

const types = [
  'StrategyRegistered',
  'BacktestCompleted',
  'StrategyPromoted',
  'PromotionDenied',
  'PromotionRequested',
  'PromotionRequestExpired',
  'ApprovalDeclined',
  'StrategySuspended',
  'StrategyRetired',
] as const;
type Type = (typeof types)[number];

const registered = ({ event: { data } }: Fact<'StrategyRegistered'>): StrategyRow => ({
  strategy: data.strategyId,
  name: data.name,
  description: data.description,
  type: data.type,
  timeframe: data.timeframe,
  parameters: data.parameters,
  state: data.state,
  since: data.at,
  by: data.by,
  reason: data.reason,
  before: null,
  configurationDigest: null,
  backtests: 0,
  denied: 0,
  pending: null,
});

const moved = (
  before: StrategyRow,
  { event }: Fact<Exclude<Type, 'StrategyRegistered'>>,
): StrategyRow => {
  switch (event.type) {
    case 'BacktestCompleted':
      return { ...before, backtests: before.backtests + 1 };
    case 'PromotionDenied':
      return { ...before, denied: before.denied + 1 };
    case 'PromotionRequested': {
      const { requestId, to, expiresAt } = event.data;
      return { ...before, pending: { requestId, to, expiresAt } };
    }
    case 'ApprovalDeclined':
    case 'PromotionRequestExpired':
      return before.pending?.requestId === event.data.requestId
        ? { ...before, pending: null }
        : before;
    case 'StrategyPromoted': {
      const { to, at, approvedBy, requestedBy, notes, configurationDigest } = event.data;
      const by = approvedBy ?? requestedBy;
      const standing = { state: to, since: at, by, reason: notes, before: null, pending: null };
      return { ...before, ...standing, configurationDigest };
    }
    case 'StrategySuspended':
    case 'StrategyRetired': {
      const { from, at, by, reason } = event.data;
      const suspended = event.type === 'StrategySuspended';
      return {
        ...before,
        ...{ state: suspended ? 'suspended' : 'retired', since: at, by, reason, pending: null },
        before: suspended ? from : null,
      };
    }
  }
};

const strategyStreams = 'strategy-';

/** Other requests than a promotion's are declined too, in streams of their own. */
const strategyIn = (event: Fact<Type>['event'], stream: StreamName): readonly string[] => {
  if (event.type !== 'ApprovalDeclined') return [event.data.strategyId];
  return stream.startsWith(strategyStreams) ? [stream.slice(strategyStreams.length)] : [];
};

/** One row for each strategy. */
export const strategies = projection({
  view: 'strategies',
  version: 4,
  row: codedRow(row),
  types,
  keys: ({ event, recorded }) => strategyIn(event, recorded.stream),
  evolve: (before, { event, recorded }) => {
    if (event.type === 'StrategyRegistered') return registered({ event, recorded });
    if (before === undefined)
      throw new Error(`${event.type} of a strategy that nobody has registered`);
    return moved(before, { event, recorded });
  },
  fields: ['state', 'type', 'request'],
  fieldsOf: ({ state, type, pending }) => ({ state, type, request: pending?.requestId ?? null }),
});

/** The answer has no cursor: more strategies than this is a list that nobody meant to have. */
const largestCount = 500;

export const strategyQueryHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListStrategies'> => ({
  ListStrategies: ({ min_position }) =>
    answering(readStore, min_position, async () => {
      const page = await readPage(readStore, strategies, { limit: largestCount });
      if (page.nextCursor !== null) throw new RangeError(`more than ${largestCount} strategies`);
      const listed = page.rows.map(
        ({ strategy, name, description, timeframe, parameters, state }) => ({
          ...{ strategy, name, description, timeframe, parameters, state },
        }),
      );
      return { value: accepted({ strategies: listed }), logPosition: page.logPosition };
    }),
});

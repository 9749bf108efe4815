import type { Handlers } from '@sentinel/contracts';
import { accepted, type ReadStore, z } from '@sentinel/contracts/kernel';
import { timeframeSchema } from '@sentinel/contracts/market';
import { strategyStateSchema } from '@sentinel/contracts/strategy';
import { answering, codedRow, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  strategy: z.string(),
  name: z.string(),
  description: z.string(),
  timeframe: timeframeSchema,
  parameters: z.record(z.string(), z.number()),
  state: strategyStateSchema,
});

/** One row for each strategy. */
export const strategies = projection({
  view: 'strategies',
  version: 1,
  row: codedRow(row),
  types: ['StrategyRegistered'],
  keys: ({ event }) => [event.data.strategyId],
  evolve: (_, { event: { data } }) => ({
    strategy: data.strategyId,
    name: data.name,
    description: data.description,
    timeframe: data.timeframe,
    parameters: data.parameters,
    state: data.state,
  }),
  fields: [],
  fieldsOf: () => ({}),
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
      return { value: accepted({ strategies: [...page.rows] }), logPosition: page.logPosition };
    }),
});

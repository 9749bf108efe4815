import { moneySchema, tradingDateSchema, z } from '@sentinel/contracts/kernel';
import { codedRow, projection } from '../kernel/index.ts';

const row = z.strictObject({
  account: z.string(),
  date: tradingDateSchema,
  openingEquity: moneySchema,
  /** Null while the session is open. */
  closingEquity: moneySchema.nullable(),
  /** What was realised in it before fees, and the fees; of one that is open not counted yet. */
  realizedPnl: moneySchema,
  fees: moneySchema,
});
export type DailyBooks = z.output<typeof row>;

/** One row for each session of each account: what it was worth as it opened and as it closed. */
export const dailyBooks = projection({
  view: 'daily_books',
  version: 1,
  row: codedRow(row),
  types: ['SessionOpened', 'SessionClosed'],
  keys: ({ event: { data } }) => [`${data.account} ${data.date}`],
  evolve: (day, { event }) => {
    const { account, date, equity } = event.data;
    if (event.type === 'SessionClosed') {
      const { realizedPnl, fees } = event.data;
      const openingEquity = day?.openingEquity ?? equity;
      return { account, date, openingEquity, closingEquity: equity, realizedPnl, fees };
    }
    const nothing = { realizedPnl: 0n, fees: 0n } as Pick<DailyBooks, 'realizedPnl' | 'fees'>;
    return { account, date, openingEquity: equity, closingEquity: null, ...nothing };
  },
  fields: ['account', 'date'],
  fieldsOf: ({ account, date }) => ({ account, date }),
});

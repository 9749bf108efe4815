import {
  type Money,
  money,
  moneySchema,
  type ReadStore,
  tradingDateSchema,
  z,
} from '@sentinel/contracts/kernel';
import { codedRow, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  account: z.string(),
  date: tradingDateSchema,
  openingEquity: moneySchema,
  /** Null while the session is open. */
  closingEquity: moneySchema.nullable(),
  /** What was realised in it before fees, and the fees; of one that is open not counted yet. */
  realizedPnl: moneySchema,
  fees: moneySchema,
  /** Which beginning of a paper account it belongs to, from 1: what was before is no part of its curve. */
  epoch: z.int(),
});
export type DailyBooks = z.output<typeof row>;

/** `session-<account>-<yyyy-mm-dd>`: the account may hold dashes itself. */
const dayOf = (stream: string): string =>
  stream.replace(/^session-(.+)-(\d{4}-\d{2}-\d{2})$/, '$1 $2');

/** One row for each session of each account: what it was worth as it opened and as it closed. */
export const dailyBooks = projection({
  view: 'daily_books',
  version: 3,
  row: codedRow(row),
  types: ['SessionOpened', 'PaperAccountReset', 'SessionClosed'],
  keys: ({ recorded: { stream } }) => [dayOf(stream)],
  evolve: (day, { event }) => {
    if (event.type === 'PaperAccountReset') {
      if (day === undefined) throw new Error('an account began anew before its session opened');
      return { ...day, openingEquity: event.data.cash, epoch: event.data.epoch };
    }
    const { account, date, equity, epoch = 1 } = event.data;
    if (event.type === 'SessionClosed') {
      const { realizedPnl, fees } = event.data;
      const openingEquity = day?.openingEquity ?? equity;
      return { account, date, openingEquity, closingEquity: equity, realizedPnl, fees, epoch };
    }
    const nothing = { realizedPnl: 0n, fees: 0n } as Pick<DailyBooks, 'realizedPnl' | 'fees'>;
    return { account, date, openingEquity: equity, closingEquity: null, ...nothing, epoch };
  },
  fields: ['account', 'date'],
  fieldsOf: ({ account, date }) => ({ account, date }),
});

/** A page of days, and the most pages that are read: a hundred years of sessions. */
const daysPerPage = 500;
const mostPages = 52;

/** Every session of the account in the period, the oldest first. @throws ViewParked, ReadStoreUnavailable */
export const readDays = async (
  readStore: ReadStore,
  account: string,
  between: { readonly from?: string; readonly to?: string } = {},
): Promise<readonly DailyBooks[]> => {
  const days: DailyBooks[] = [];
  let cursor: string | undefined;
  for (let n = 0; n < mostPages; n++) {
    const page = await readPage(readStore, dailyBooks, {
      where: { account },
      between: { field: 'date', ...between },
      limit: daysPerPage,
      ...(cursor !== undefined && { cursor }),
    });
    days.push(...page.rows);
    if (page.nextCursor === null) return days;
    cursor = page.nextCursor;
  }
  throw new RangeError(`more than ${daysPerPage * mostPages} sessions of ${account}`);
};

/** The highest equity at which a session of this epoch opened or closed; null before the first. */
export const peakEquity = async (readStore: ReadStore, account: string): Promise<Money | null> => {
  const every = await readDays(readStore, account);
  const days = every.filter(({ epoch }) => epoch === every.at(-1)?.epoch);
  const all = days.flatMap((day) => [day.openingEquity, day.closingEquity ?? day.openingEquity]);
  return all.length === 0 ? null : all.reduce(money.max);
};

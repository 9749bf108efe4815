import {
  type Price,
  parseDecimal,
  type TradingDate,
  tradingDateSchema,
} from '@sentinel/contracts/kernel';
import {
  type ActionsWanted,
  type CorporateAction,
  type Ticker,
  tickerSchema,
} from '@sentinel/contracts/market';
import { type CsvRow, readCsv } from './csv.ts';
import { badData, collectingFaults, type Fault, refuseFaults } from './faults.ts';
import { isDate } from './time-text.ts';

/** The name of the file that declares cash dividends, beside the files of bars. */
export const dividendsFile = 'dividends.csv';

/** Cash dividends by their ex-date. */
export type Dividends = ReadonlyMap<TradingDate, readonly CorporateAction[]>;

/** Those with an ex-date of a span, in the order of their dates. */
export const dividendsWithin = (
  dividends: Dividends,
  { from, to, symbols }: ActionsWanted,
): readonly CorporateAction[] =>
  [...dividends]
    .filter(([date]) => date >= from && date <= to)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, actions]) => actions)
    .filter(({ symbol }) => symbols?.includes(symbol) ?? true);

const microDollars = 6;

/**
 * Reads declared dividends: a table of `symbol`, ex-`date` and `amount`, dollars per share of the file's
 * last day. A position that is held over the ex-date is paid, and limits to buy and stops to sell move.
 * A symbol without bars refuses the file: it is a mistyped one, whose payment would be lost in silence.
 * @throws UnfitBars with the line of each fault
 */
export const readDividends = (text: string, known: ReadonlySet<Ticker>): Dividends => {
  const { columns, rows } = readCsv(dividendsFile, text);
  for (const column of ['symbol', 'date', 'amount'])
    if (!columns.has(column))
      throw badData(dividendsFile, 1, `the header names no column ${column}`);
  const dividends = new Map<TradingDate, CorporateAction[]>();
  const readRow = ({ line, field }: CsvRow): void => {
    const symbol = tickerSchema.safeParse(field('symbol').toUpperCase());
    if (!symbol.success) throw badData(dividendsFile, line, `"${field('symbol')}" is not a ticker`);
    if (!known.has(symbol.data))
      throw badData(
        dividendsFile,
        line,
        `"${symbol.data}" is no symbol of this directory: correct it, or add its bars as ${symbol.data}.csv`,
      );
    const date = tradingDateSchema.safeParse(field('date'));
    if (!date.success || !isDate(field('date')))
      throw badData(dividendsFile, line, `"${field('date')}" is not a date such as 2016-02-04`);
    const amount = parseDecimal(field('amount'), microDollars);
    if (amount === undefined || amount <= 0n)
      throw badData(dividendsFile, line, `amount "${field('amount')}" is not dollars above 0`);
    const paid = dividends.get(date.data) ?? [];
    if (paid.some((action) => action.symbol === symbol.data))
      throw badData(dividendsFile, line, `${symbol.data} has two dividends on ${date.data}`);
    const action = {
      symbol: symbol.data,
      exDate: date.data,
      split: null,
      dividend: amount as Price,
    };
    dividends.set(date.data, [...paid, action]);
  };
  const faults: Fault[] = [];
  for (const row of rows) collectingFaults(faults, () => readRow(row));
  refuseFaults(faults);
  return dividends;
};

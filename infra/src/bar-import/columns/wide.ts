import type { Row, Table } from '../reading/table.ts';

/** A table with a column for each symbol and figure, as yfinance writes several tickers, one row each. */
export const unfoldTickers = (table: Table): Table => {
  const { header, tickers, rows } = table;
  if (header === undefined || tickers === undefined) return table;
  const symbols = [...new Set(tickers.slice(1).filter((ticker) => ticker !== ''))];
  const names = [...new Set(header.slice(1))];
  const placeOf = (symbol: string, name: string) =>
    header.findIndex((column, at) => at > 0 && column === name && tickers[at] === symbol);
  const unfolded: readonly Row[] = symbols.flatMap((symbol) =>
    rows.map(({ line, cells }) => ({
      line,
      cells: [cells[0] ?? '', symbol, ...names.map((name) => cells[placeOf(symbol, name)] ?? '')],
    })),
  );
  return {
    header: ['date', 'symbol', ...names],
    rows: unfolded,
    says: table.says,
  };
};

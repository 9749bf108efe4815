import type { Findings } from '../findings.ts';
import type { Row, Table } from './table.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? '' : String(value);

/** Rows of objects as a table; lines are counted by bar, for JSON stands on one line. */
const tableOf = (records: readonly Json[], says: Table['says']): Table => {
  const header = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const rows: readonly Row[] = records.map((record, i) => ({
    line: i + 1,
    cells: header.map((name) => textOf(record[name])),
  }));
  return { header: header.map((name) => name.toLowerCase()), rows, says };
};

/** `{"AAPL": [bars], "MSFT": [bars]}`, as Alpaca answers for several symbols. */
const bySymbol = (bars: Json): readonly Json[] =>
  Object.entries(bars).flatMap(([symbol, list]) =>
    Array.isArray(list) ? list.filter(isObject).map((bar) => ({ symbol, ...bar })) : [],
  );

/** Alpha Vantage's object of objects by time. */
const timeSeries = (root: Json): Table | undefined => {
  const entry = Object.entries(root).find(([name]) => /^Time Series|^(Weekly|Monthly)/.test(name));
  if (entry === undefined || !isObject(entry[1])) return undefined;
  const meta = isObject(root['Meta Data']) ? root['Meta Data'] : {};
  const of = (word: string) =>
    textOf(Object.entries(meta).find(([name]) => name.toLowerCase().includes(word))?.[1]);
  const records = Object.entries(entry[1]).map(([timestamp, bar]) => ({
    timestamp,
    ...(isObject(bar) ? bar : {}),
  }));
  return tableOf(records, { symbol: of('symbol'), zone: of('time zone') });
};

/** Column-wise answers, such as `{"t": [...], "o": [...]}`. */
const columnWise = (root: Json): Table | undefined => {
  const columns = Object.entries(root).filter(([, list]) => Array.isArray(list));
  if (columns.length < 5) return undefined;
  const length = Math.max(...columns.map(([, list]) => (Array.isArray(list) ? list.length : 0)));
  const records = Array.from({ length }, (_, i) =>
    Object.fromEntries(columns.map(([name, list]) => [name, Array.isArray(list) ? list[i] : ''])),
  );
  return tableOf(records, { symbol: textOf(root.symbol ?? root.s) });
};

const ofRoot = (root: unknown): Table | undefined => {
  if (Array.isArray(root)) {
    if (root.every(isObject)) return tableOf(root, {});
    const rows = root
      .filter(Array.isArray)
      .map((cells, i) => ({ line: i + 1, cells: cells.map(textOf) }));
    return rows.length === root.length ? { header: undefined, rows, says: {} } : undefined;
  }
  if (!isObject(root)) return undefined;
  const symbol = textOf(root.symbol ?? root.ticker);
  const { bars } = root;
  const list = [bars, root.results, root.data, root.values].find(Array.isArray);
  if (list?.every(isObject)) return tableOf(list, symbol === '' ? {} : { symbol });
  if (isObject(bars)) return tableOf(bySymbol(bars), {});
  return timeSeries(root) ?? columnWise(root);
};

/**
 * Figures as their own text: a number that passed through a double could have lost digits. Numbers of
 * more than fifteen digits are kept as strings before the text is parsed.
 */
const keepDigits = (text: string): string =>
  text.replace(/([:[,]\s*)(-?\d[\d.]*(?:[eE][+-]?\d+)?)(?=\s*[,\]}])/g, '$1"$2"');

/** Bars in JSON: lists of objects, of arrays, or an object of either. Undefined when it holds none. */
export const readJson = (text: string, findings: Findings): Table | undefined => {
  try {
    const table = ofRoot(JSON.parse(keepDigits(text.replace(/^\uFEFF/, ''))));
    if (table === undefined) findings.refused('json', 'holds no bars in a shape known here');
    else findings.told('json', 'lines are counted by bar');
    return table;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    findings.refused('json', `is no whole JSON: ${error.message}`);
    return undefined;
  }
};

import Papa from 'papaparse';
import type { Findings } from '../findings.ts';

/** A row of cells with its line in the source. */
export type Row = { readonly line: number; readonly cells: readonly string[] };

/** A table as it stands: rows of text, with whatever names its columns. */
export type Table = {
  /** Lower case and trimmed; undefined where the first row is of figures. */
  readonly header: readonly string[] | undefined;
  readonly rows: readonly Row[];
  /** A symbol for each column, where a second line of the header names them. */
  readonly tickers?: readonly string[];
  /** What the source says beside its rows: `symbol`, `zone`. */
  readonly says: { readonly symbol?: string; readonly zone?: string };
};

const delimiters = [',', ';', '\t', '|'] as const;
const letters = /\p{L}/u;
/** Words that stand in rows of figures: they make no header. */
const figureWords =
  /^(null|nan|n\/a|na|none|true|false|-|am|pm|utc|[a-z]{3} \d{1,2},? \d{4}.*|\d.*[kmbz]|\d.*(utc|est|edt|us\/\w+|america\/\w+)|\d{1,2}[- ][a-z]{3}[- ]\d{2,4}.*)$/i;
const headerWord =
  /^[<"]*(\d\. )?(price|date|time|datetime|timestamp|open|high|low|close|last|volume|vol\.?|o|h|l|c|v|t|ts_event|window_start|open_time|gmt time|local time|ticker|symbol|unix)\b/i;

const mostHeaderLines = 40;

const countOutsideQuotes = (line: string, delimiter: string): number => {
  let [count, quoted] = [0, false];
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) count++;
  }
  return count;
};

/** How a table without commas is told. */
export const partedBy = (delimiter: string): string =>
  `parted by ${delimiter === '\t' ? 'tabs' : delimiter}`;

/** The delimiter that the most lines have as often as the others, and more than three times. */
const delimiterOf = (lines: readonly string[]): string => {
  const sample = lines.filter((line) => line.trim() !== '').slice(-30);
  const score = (delimiter: string) => {
    const counts = sample.map((line) => countOutsideQuotes(line, delimiter));
    const [first = 0] = [...counts].sort((a, b) => b - a).slice(counts.length >> 1);
    const alike = counts.filter((count) => count === first).length;
    return first < 4 ? 0 : alike / sample.length + first / 1_000;
  };
  const [best = ','] = [...delimiters].sort((a, b) => score(b) - score(a));
  return score(best) === 0 ? ',' : best;
};

const isHeader = (cells: readonly string[]): boolean =>
  cells.some((cell) => letters.test(cell) && !figureWords.test(cell)) &&
  cells.filter((cell) => headerWord.test(cell.trim())).length >= 2;

/** yfinance names the column, then the ticker, then the index, each on a line of its own. */
const secondHeader = (rows: readonly Row[], at: number): readonly string[] | undefined => {
  const cells = rows[at + 1]?.cells;
  return cells?.[0]?.trim().toLowerCase() === 'ticker'
    ? cells.map((cell) => cell.trim())
    : undefined;
};

const isIndexLine = (row: Row | undefined): boolean =>
  row !== undefined &&
  /^(date|datetime)$/i.test(row.cells[0]?.trim() ?? '') &&
  row.cells.slice(1).every((cell) => cell.trim() === '');

const isComment = (line: string): boolean => /^\s*(#|\/\/|%)/.test(line);

/** Lines that end by one mark; a carriage return that ends no line stays where it is, to be refused. */
const oneEnding = (text: string): string => {
  const ended = text.replaceAll('\r\n', '\n');
  return ended.includes('\n') ? ended : ended.replaceAll('\r', '\n');
};

/** Parses delimited text: comments, a `sep=` line and what stands above the header are passed over. */
export const readTable = (text: string, findings: Findings): Table => {
  const clean = oneEnding(text.replace(/^\uFEFF/, ''));
  const top = clean.slice(0, 20_000).split(/\r\n|\n|\r/);
  const said = /^"?sep=(.)"?\s*$/i.exec(top[0] ?? '')?.[1];
  const delimiter = said ?? delimiterOf(top.slice(0, -1).length > 0 ? top.slice(0, -1) : top);
  const { data } = Papa.parse<readonly string[]>(clean, { delimiter, newline: '\n' });
  const rows: Row[] = [];
  // A line break inside quotation marks shifts the lines below it.
  let line = 1;
  for (const cells of data) {
    const first = cells[0] ?? '';
    const isEmpty = cells.every((cell) => cell.trim() === '');
    const isSep = line === 1 && said !== undefined;
    if (!isEmpty && !isSep && !isComment(first)) rows.push({ line, cells });
    line += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
  }
  if (delimiter !== ',') findings.told('delimiter', partedBy(delimiter));
  return headed(rows, findings);
};

const headed = (rows: readonly Row[], findings: Findings): Table => {
  const at = rows.slice(0, mostHeaderLines).findIndex(({ cells }) => isHeader(cells));
  if (at === -1) return { header: undefined, rows, says: {} };
  if (at > 0) findings.told('header', `the ${at} lines above the header were passed over`);
  const header = rows[at]?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const tickers = secondHeader(rows, at);
  let next = at + (tickers === undefined ? 1 : 2);
  const index = rows[next];
  if (isIndexLine(index)) {
    header[0] = index?.cells[0]?.trim().toLowerCase() ?? 'date';
    next++;
  }
  return {
    header,
    rows: rows.slice(next),
    says: {},
    ...(tickers === undefined ? {} : { tickers }),
  };
};

import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { Row, Table } from '../reading/table.ts';
import type { Series, SourceBar } from '../series.ts';
import { dateOrderOf } from './date-order.ts';
import { type DecimalMark, decimalMarkOf, isEmptyFigure, plainFigure, shifted } from './figures.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Places, priceRoles, type Role } from './roles.ts';
import { tickerFrom, tickerInName } from './symbols.ts';
import { type DateOrder, timeOf } from './times.ts';

export type Context = {
  readonly file: string;
  readonly options: ImportOptions;
  readonly findings: Findings;
};

type Reader = Context & {
  readonly layout: Layout;
  readonly decimal: DecimalMark;
  readonly order: DateOrder;
};

const cellOf = (row: Row, places: Places, role: Role): string => {
  const place = places.get(role);
  return place === undefined ? '' : (row.cells[place]?.trim() ?? '');
};

const dayInName = (file: string): string => /\d{8}/.exec(file)?.[0] ?? '';

/** The time of a row as one text, whatever columns it stands in. */
const timeText = (row: Row, { layout, file }: Pick<Reader, 'layout' | 'file'>): string => {
  const time = cellOf(row, layout.places, 'time');
  if (layout.sinceMidnight) {
    const seconds = Math.floor(Number(time) / 1_000);
    const part = (value: number) => String(value).padStart(2, '0');
    const clock = [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((n) =>
      part(Math.floor(n)),
    );
    return `${dayInName(file)} ${clock.join(':')}`;
  }
  if (time !== '') return time;
  const [date, clock] = [cellOf(row, layout.places, 'date'), cellOf(row, layout.places, 'clock')];
  if (clock === '') return date;
  const packed = /^(\d{1,2})(\d{2})(\d{2})?$/.exec(
    clock.padStart(clock.length % 2 === 1 ? clock.length + 1 : 4, '0'),
  );
  return `${date} ${packed === null ? clock : `${packed[1]}:${packed[2]}:${packed[3] ?? '00'}`}`;
};

const noFigures = (row: Row, { layout }: Reader): boolean =>
  priceRoles.every((role) => isEmptyFigure(cellOf(row, layout.places, role)));

/** What Yahoo's page writes among its prices: a dividend or a split on a row of its own. */
const actionOf = (row: Row): Partial<SourceBar> | undefined => {
  const text = row.cells.join(' ');
  const dividend = /([\d.]+)\s+dividend/i.exec(text)?.[1];
  if (dividend !== undefined) return { dividend };
  const split = /(\d+)\s*[:/]\s*(\d+)\s+stock split/i.exec(text);
  return split === null ? undefined : { split: Number(split[1]) / Number(split[2]) };
};

/** New shares to each old one; `4/1` and `4:1` are taken as they are meant. 1 and 0 say that none was. */
const splitIn = (text: string): number | undefined => {
  if (isEmptyFigure(text)) return undefined;
  const ratio = /^([\d.]+)\s*[:/]\s*([\d.]+)$/.exec(text);
  const value = ratio === null ? Number(text) : Number(ratio[1]) / Number(ratio[2]);
  return Number.isFinite(value) && value > 0 && value !== 1 ? value : undefined;
};

const dividendIn = (text: string, decimal: DecimalMark): string | undefined => {
  const plain = isEmptyFigure(text) ? undefined : plainFigure(text, decimal);
  return plain === undefined || !(Number(plain) > 0) ? undefined : plain;
};

/** The bar of a row; undefined when a fault was told instead. */
const barOf = (row: Row, reader: Reader): SourceBar | undefined => {
  const { layout, decimal, order, options, findings } = reader;
  const text = timeText(row, reader);
  const time = timeOf(text, order);
  if (time === undefined) {
    findings.refused('time', `"${text}" is no time that is known here`, row.line);
    return undefined;
  }
  const scale = layout.scale + options.scale;
  const figures: string[] = [];
  for (const role of [...priceRoles, 'volume'] as const) {
    const cell = cellOf(row, layout.places, role);
    const plain = role === 'volume' && isEmptyFigure(cell) ? '0' : plainFigure(cell, decimal);
    if (plain === undefined) {
      findings.refused('figure', `${role} "${cell}" is no figure`, row.line);
      return undefined;
    }
    figures.push(shifted(plain, role === 'volume' ? -options.scale : scale));
  }
  const [open = '', high = '', low = '', close = '', volume = ''] = figures;
  const adjusted = plainFigure(cellOf(row, layout.places, 'adjusted'), decimal);
  return {
    line: row.line,
    time,
    ...{ open, high, low, close, volume },
    adjusted: adjusted === undefined ? undefined : shifted(adjusted, scale),
    dividend: dividendIn(cellOf(row, layout.places, 'dividend'), decimal),
    split: splitIn(cellOf(row, layout.places, 'split')),
  };
};

/** The symbol that a row is of: its own word, the caller's, the source's, or the file's name. */
const symbolReader = (table: Table, { file, options, findings }: Context, layout: Layout) => {
  const ofSource = table.says.symbol === undefined ? undefined : tickerFrom(table.says.symbol);
  const ofName = tickerInName(file);
  const words = table.rows.slice(0, 5_000).map((row) => cellOf(row, layout.places, 'symbol'));
  const named =
    layout.places.has('symbol') && words.every((word) => tickerFrom(word) !== undefined);
  const fallback = options.symbol ?? ofSource ?? ofName;
  if (!named && fallback === undefined)
    findings.asked('symbol', 'its name and its columns tell no one ticker: say --symbol TICKER');
  else if (!named && options.symbol === undefined && ofSource === undefined)
    findings.told('symbol', `is of ${fallback}, by its name`);
  return (row: Row): string | undefined => {
    const own = named ? tickerFrom(cellOf(row, layout.places, 'symbol')) : fallback;
    if (own === undefined && fallback !== undefined)
      findings.refused(
        'symbol',
        `"${cellOf(row, layout.places, 'symbol')}" is no ticker`,
        row.line,
      );
    if (named && own !== undefined && options.symbol !== undefined && own !== options.symbol)
      findings.refused(
        'symbol',
        `is of ${own}, not of ${options.symbol} as --symbol says`,
        row.line,
      );
    else if (
      named &&
      own !== undefined &&
      ofName !== undefined &&
      ofName !== own &&
      own !== options.symbol
    )
      findings.asked(
        'symbol',
        `is of ${own}, and its file is named after ${ofName}: say --symbol ${own}, or rename it`,
        row.line,
      );
    return own ?? fallback;
  };
};

const cadences: Readonly<Record<string, string>> = {
  W: 'weekly',
  M: 'monthly',
  Q: 'quarterly',
  Y: 'yearly',
};

const figureCells = function* (table: Table, places: Places): Generator<string> {
  for (const row of table.rows) for (const role of priceRoles) yield cellOf(row, places, role);
};

/** Reads the rows of a table into the bars of each symbol in it. */
export const readSeries = (table: Table, context: Context): readonly Series[] => {
  const { file, options, findings } = context;
  const layout = layoutOf(table, file, context);
  if (layout === undefined) return [];
  const mark = options.decimal ?? decimalMarkOf(figureCells(table, layout.places));
  if (mark === 'unclear')
    findings.asked(
      'decimal',
      'its figures have commas that may part thousands or decimals: say --decimal point or --decimal comma',
    );
  const texts = table.rows.map((row) => timeText(row, { layout, file }));
  const order = dateOrderOf(texts, options, findings);
  const reader: Reader = {
    ...context,
    layout,
    order,
    decimal: mark === 'comma' ? 'comma' : 'point',
  };
  const symbolOf = symbolReader(table, context, layout);
  const bySymbol = new Map<string, SourceBar[]>();
  const pending: {
    readonly row: Row;
    readonly action: Partial<SourceBar>;
    readonly symbol: string;
  }[] = [];
  for (const row of table.rows) {
    const period = cellOf(row, layout.places, 'period').toUpperCase();
    if (cadences[period] !== undefined)
      findings.refused('cadence', `the bars are ${cadences[period]}: export daily ones`, row.line);
    const symbol = symbolOf(row);
    if (symbol === undefined) continue;
    const action = actionOf(row);
    if (action !== undefined) pending.push({ row, action, symbol });
    else if (noFigures(row, reader)) dropEmpty(row, reader);
    else {
      const bar = barOf(row, reader);
      const bars = bySymbol.get(symbol);
      if (bar !== undefined && bars === undefined) bySymbol.set(symbol, [bar]);
      else if (bar !== undefined) bars?.push(bar);
    }
  }
  for (const { row, action, symbol } of pending) {
    const day = timeText(row, { layout, file });
    const bars = bySymbol.get(symbol) ?? [];
    const at = bars.findIndex(
      ({ line }) =>
        timeText(table.rows.find((r) => r.line === line) ?? row, { layout, file }) === day,
    );
    const bar = bars[at];
    if (bar === undefined) findings.refused('action', 'stands on a day without a bar', row.line);
    else bars[at] = { ...bar, ...action };
  }
  if (bySymbol.size > 1)
    findings.told('symbols', `holds ${bySymbol.size} symbols, which were parted`);
  if (bySymbol.size === 0 && findings.stands()) findings.refused('empty', 'holds no bars');
  return [...bySymbol].map(([symbol, bars]) => ({
    symbol,
    bars,
    zone: layout.zone,
    hasAdjusted: layout.places.has('adjusted'),
  }));
};

const dropEmpty = (row: Row, { options, findings }: Reader): void => {
  if (options.repair === 'safe')
    findings.told('empty row', 'a row without prices was left out', row.line);
  else
    findings.asked(
      'empty row',
      'has no prices: say --repair safe to leave such rows out',
      row.line,
    );
};

import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { Row, Table } from '../reading/table.ts';
import type { Series, SourceBar } from '../series.ts';
import { actionOf, dividendIn, splitIn } from './actions.ts';
import { dateOrderOf } from './date-order.ts';
import { type DecimalMark, decimalMarkOf, isEmptyFigure, plainFigure, shifted } from './figures.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Places, priceRoles } from './roles.ts';
import { cellOf, timeText } from './row-time.ts';
import { symbolReader } from './symbol-reader.ts';
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

const noFigures = (row: Row, { layout }: Reader): boolean =>
  priceRoles.every((role) => isEmptyFigure(cellOf(row, layout.places, role)));

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
    time: 'epochMs' in time ? time : { ...time, zone: time.zone ?? layout.zone },
    ...{ open, high, low, close, volume },
    adjusted: adjusted === undefined ? undefined : shifted(adjusted, scale),
    dividend: dividendIn(cellOf(row, layout.places, 'dividend'), decimal),
    split: splitIn(cellOf(row, layout.places, 'split')),
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
  const symbolOf = symbolReader(table, context, layout.places.get('symbol'));
  const width = table.header?.length ?? table.rows[0]?.cells.length ?? 0;
  const bySymbol = new Map<string, SourceBar[]>();
  const pending: Pending[] = [];
  for (const row of table.rows) {
    const period = cellOf(row, layout.places, 'period').toUpperCase();
    if (cadences[period] !== undefined)
      findings.refused('cadence', `the bars are ${cadences[period]}: export daily ones`, row.line);
    const symbol = symbolOf(row);
    if (symbol === undefined) continue;
    const action = actionOf(row);
    if (row.cells.some((cell) => broken.test(cell)))
      findings.refused(
        'control',
        'has a control character or a line break inside a field',
        row.line,
      );
    else if (action !== undefined) pending.push({ row, action, symbol });
    else if (!isWhole(row, width)) {
      const fields = `has ${row.cells.length} fields where there should be ${width}`;
      findings.refused('fields', fields, row.line);
    } else if (noFigures(row, reader)) dropEmpty(row, reader);
    else {
      const bar = barOf(row, reader);
      const bars = bySymbol.get(symbol);
      if (bar !== undefined && bars === undefined) bySymbol.set(symbol, [bar]);
      else if (bar !== undefined) bars?.push(bar);
    }
  }
  for (const one of pending) addAction(one, bySymbol, reader);
  if (bySymbol.size > 1)
    findings.told('symbols', `holds ${bySymbol.size} symbols, which were parted`);
  if (bySymbol.size === 0 && findings.stands()) findings.refused('empty', 'holds no bars');
  return [...bySymbol].map(([symbol, bars]) => ({
    symbol,
    bars,
  }));
};

type Pending = {
  readonly row: Row;
  readonly action: Partial<SourceBar>;
  readonly symbol: string;
};

const dayOf = ({ time }: SourceBar): string =>
  'epochMs' in time ? '' : [time.year, time.month, time.day].join('-');

/** Puts what stands on a row of its own to the bar of its day. */
const addAction = (
  { row, action, symbol }: Pending,
  bySymbol: ReadonlyMap<string, SourceBar[]>,
  reader: Reader,
): void => {
  const time = timeOf(timeText(row, reader), reader.order);
  const bars = bySymbol.get(symbol) ?? [];
  const day =
    time === undefined || 'epochMs' in time ? '' : [time.year, time.month, time.day].join('-');
  const at = bars.findIndex((bar) => day !== '' && dayOf(bar) === day);
  const bar = bars[at];
  if (bar === undefined)
    reader.findings.refused('action', 'stands on a day without a bar', row.line);
  else bars[at] = { ...bar, ...action };
};

/** What stands in no field of a table that came through whole; tabs are blanks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const broken = /[\u0000-\u0008\u000a-\u001f]/;

/** A row with a field too few or too many has its figures under other names than they are. */
const isWhole = ({ cells }: Row, width: number): boolean =>
  cells.length >= width && cells.slice(width).every((cell) => cell.trim() === '');

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

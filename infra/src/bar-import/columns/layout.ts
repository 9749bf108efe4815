import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { Table } from '../reading/table.ts';
import { type Places, priceRoles, type Role, rolesAsTold, rolesOf } from './roles.ts';
import { shapeOf } from './shapes.ts';
import { zoneFrom } from './times.ts';

/** Where everything stands in a table. */
export type Layout = {
  readonly places: Places;
  /** Power of ten of the prices, and what the shape says beside the columns. */
  readonly scale: number;
  readonly zone: string | undefined;
  readonly sinceMidnight: boolean;
};

const needed: readonly Role[] = [...priceRoles, 'volume'];

/** Names of columns that say a zone for all times. */
const zoneInNames = (header: readonly string[]): string | undefined => {
  const named = header.find((name) =>
    /^(gmt|utc) time$|\(utc\)|^(timestamp|datetime|date)[ _]utc$/.test(name),
  );
  return named === undefined ? undefined : 'UTC';
};

/** Databento writes prices as whole billionths unless told otherwise. */
const isBillionths = ({ header, rows }: Table, places: Places): boolean =>
  (header?.includes('rtype') ?? false) &&
  priceRoles.every((role) =>
    rows.every(({ cells }) => /^\d{8,}$/.test(cells[places.get(role) ?? -1] ?? '')),
  );

const fromHeader = (table: Table, places: Map<Role, number>, findings: Findings): Layout => {
  const billionths = isBillionths(table, places);
  if (billionths)
    findings.told('scale', 'prices are whole billionths of a dollar, as Databento writes them');
  const said = table.says.zone === undefined ? undefined : zoneFrom(table.says.zone);
  return {
    places,
    scale: billionths ? -9 : 0,
    zone: said ?? zoneInNames(table.header ?? []),
    sinceMidnight: false,
  };
};

/** The layout of a table, by its header, its form or `--columns`; undefined when it cannot be told. */
export const layoutOf = (
  table: Table,
  file: string,
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): Layout | undefined => {
  const { header, rows } = table;
  if (options.columns !== undefined) {
    const told = rolesAsTold(options.columns, header);
    if ('problem' in told) {
      findings.refused('columns', told.problem);
      return undefined;
    }
    return complete(fromHeader(table, told, findings), table, findings);
  }
  if (header !== undefined)
    return complete(fromHeader(table, rolesOf(header), findings), table, findings);
  const shape = shapeOf(rows, file);
  if (shape === undefined) {
    findings.asked(
      'columns',
      'has no header, and its columns are of no order that its figures prove: say --columns date,open,high,low,close,volume',
    );
    return undefined;
  }
  findings.proved('columns', `has no header, and looks like ${shape.looksLike}`);
  if (shape.scale !== undefined) findings.told('scale', `prices are taken times 1e${shape.scale}`);
  return {
    places: shape.roles,
    scale: shape.scale ?? 0,
    zone: shape.zone,
    sinceMidnight: shape.sinceMidnight ?? false,
  };
};

const complete = (layout: Layout, { header }: Table, findings: Findings): Layout | undefined => {
  const { places } = layout;
  const missing = needed.filter((role) => !places.has(role));
  if (!places.has('time') && !places.has('date')) missing.unshift('date');
  if (missing.length === 0) return layout;
  const stands =
    header === undefined ? '' : ` among ${header.filter((name) => name !== '').join(', ')}`;
  findings.asked(
    'columns',
    `names no column for ${missing.join(', ')}${stands}: say --columns ${missing[0]}=NAME`,
  );
  return undefined;
};

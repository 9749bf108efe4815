import type { Find, KeyedRow, ViewRow } from '@sentinel/contracts/kernel';

/** What `find` asks for, from rows in memory in any order. */
export const selectRows = (rows: Iterable<ViewRow>, find: Find): readonly KeyedRow[] =>
  [...rows]
    .filter(matches(find))
    .sort(byKey(find))
    .slice(0, find.limit)
    .map(({ key, row }) => ({ key, row }));

const matches =
  ({ where = {}, between, cursor, newestFirst }: Find) =>
  ({ key, fields }: ViewRow): boolean =>
    Object.entries(where).every(([field, text]) => fields[field] === text) &&
    (between === undefined || liesBetween(fields[between.field] ?? null, between)) &&
    (cursor === undefined || (newestFirst === true ? key < cursor : key > cursor));

const liesBetween = (
  text: string | null,
  { from, to }: { readonly from?: string; readonly to?: string },
) => text !== null && (from === undefined || text >= from) && (to === undefined || text < to);

const byKey =
  ({ newestFirst }: Find) =>
  (a: ViewRow, b: ViewRow): number =>
    (a.key < b.key ? -1 : 1) * (newestFirst === true ? -1 : 1);

import type {
  LogPosition,
  ProjectionStore,
  ReadStore,
  ViewChange,
  ViewDefinition,
  ViewLoad,
  ViewRow,
  ViewTable,
} from '@sentinel/contracts/kernel';

export const things: ViewDefinition = { name: 'things', version: 1, fields: ['color', 'made'] };
export const others: ViewDefinition = { name: 'others', version: 1, fields: [] };

/** The read models under test, holding the views `things` and `others`. */
export type ReadStoreSuite = {
  readonly read: () => ReadStore;
  readonly write: () => ProjectionStore;
  /** An empty table that serves the view from now on. */
  readonly fresh: (view: string) => Promise<ViewTable>;
};

export const at = (position: number): LogPosition => BigInt(position) as LogPosition;

export const thing = (key: string, color: string | null, made = key): ViewRow => ({
  key,
  row: { key, color, nested: { text: 'quote " backslash \\ and an ü' } },
  fields: { color, made },
});

/** The change with its rows as text, as it is loaded in bulk. */
export const asText = (of: ViewChange): ViewLoad => ({
  ...of,
  upserts: of.upserts.map(({ row, ...rest }) => ({ ...rest, text: JSON.stringify(row) })),
});

/** A change of `table` from one position to the next; nothing written unless said. */
export const change = (
  table: ViewTable,
  [from, to]: readonly [number, number],
  rest: Partial<ViewChange> = {},
): ViewChange => ({
  table,
  from: at(from),
  to: at(to),
  parked: null,
  upserts: [],
  deletes: [],
  ...rest,
});

import type { AsOf, Find, KeyedRow, LogPosition, ReadStore } from '@sentinel/contracts/kernel';
import type { RowCodec } from './projection.ts';

export type Page<Row> = {
  readonly rows: readonly Row[];
  /** The cursor of the page behind it; null at the end. */
  readonly nextCursor: string | null;
  readonly logPosition: LogPosition;
};

/** One page of a view, and whether another follows: one row more than asked for tells. */
export const readPage = async <Row>(
  readStore: ReadStore,
  { view, row }: { readonly view: string; readonly row: Pick<RowCodec<Row>, 'parse'> },
  find: Find,
): Promise<Page<Row>> => {
  const found: AsOf<readonly KeyedRow[]> = await readStore.find(view, {
    ...find,
    limit: find.limit + 1,
  });
  const page = found.value.slice(0, find.limit);
  return {
    rows: page.map((keyed) => row.parse(keyed.row)),
    nextCursor: found.value.length > find.limit ? (page.at(-1)?.key ?? null) : null,
    logPosition: found.logPosition,
  };
};

import {
  canonicalJson,
  type Digest,
  type LogPosition,
  type ProjectionStore,
} from '@sentinel/contracts/kernel';
import { rowsOf } from './compare.ts';

export type ViewChecksum = {
  readonly view: string;
  readonly logPosition: LogPosition;
  readonly rows: number;
  /** Chained over all rows in the order of their keys. */
  readonly checksum: string;
};

/** What a view holds, in one short text: two that agree at one position hold the same rows. */
export const checksum = async (
  view: string,
  {
    projectionStore,
    digest,
  }: { readonly projectionStore: ProjectionStore; readonly digest: Digest },
): Promise<ViewChecksum | undefined> =>
  projectionStore.snapshot(view, async (snapshot) => {
    let [rows, chained] = [0, ''];
    for await (const { key, row } of rowsOf(snapshot)) {
      chained = digest(canonicalJson([chained, key, row]));
      rows += 1;
    }
    return { view, logPosition: snapshot.checkpoint.logPosition, rows, checksum: chained };
  });

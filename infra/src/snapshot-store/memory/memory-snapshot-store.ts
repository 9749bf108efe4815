import {
  type SnapshotPlace,
  type SnapshotStore,
  SnapshotStoreUnavailable,
} from '@sentinel/contracts/kernel';
import { pack, unpack } from '../packing.ts';

/** What is kept of one stream. */
export type SnapshotRow = SnapshotPlace & { readonly code: string; readonly state: Uint8Array };

/** Snapshots in memory, for one process and tests. Stores that share `rows` see each other. */
export const memorySnapshotStore = ({
  code,
  rows = new Map(),
}: {
  /** The code whose folds these are. */
  readonly code: string;
  readonly rows?: Map<string, SnapshotRow>;
}): SnapshotStore => {
  let closed = false;
  const opened = (): Map<string, SnapshotRow> => {
    if (closed) throw new SnapshotStoreUnavailable('the store of snapshots is closed');
    return rows;
  };
  return {
    load: async (stream) => {
      const found = opened().get(stream);
      if (found?.code !== code) return undefined;
      const { version, logPosition, eventId } = found;
      const parts = await unpack(found.state).catch(() => undefined);
      return parts && { version, logPosition, eventId, parts };
    },
    save: async (stream, place, parts) => {
      const state = await pack(parts);
      const before = opened().get(stream);
      if (before?.code === code && before.version >= place.version) return;
      rows.set(stream, { ...place, code, state });
    },
    close: async () => {
      closed = true;
    },
  };
};

import { describeSnapshotStore } from '../../contract-tests/snapshot-store.ts';
import { memorySnapshotStore, type SnapshotRow } from './memory-snapshot-store.ts';

describeSnapshotStore('snapshots in memory', async () => {
  const rows = new Map<string, SnapshotRow>();
  return {
    open: (code) => memorySnapshotStore({ code, rows }),
    damage: async (stream) => {
      const row = rows.get(stream);
      if (row === undefined) throw new Error('nothing to damage');
      rows.set(stream, { ...row, state: row.state.with(row.state.length - 6, 0x5a) });
    },
    dispose: async () => rows.clear(),
  };
});

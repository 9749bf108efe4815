import { describeAccessStore } from '../../contract-tests/access-store.ts';
import { systemClock } from '../../runtime/index.ts';
import { type AccessRow, memoryAccessStore } from './memory-access-store.ts';

describeAccessStore('access store in memory', async () => {
  const rows = new Map<string, AccessRow>();
  return {
    open: () => memoryAccessStore({ now: systemClock, rows }),
    end: async (kind, id) => {
      for (const [key, row] of rows)
        if (row.kind === kind && row.id === id) rows.set(key, { ...row, endsAtMs: 0 });
    },
    dispose: async () => rows.clear(),
  };
});

import type { LogPosition, ViewTable } from '@sentinel/contracts/kernel';
import { RebuildFailed } from './advance.ts';
import { hotRows, swapIn, whileClaimed } from './rebuild.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { viewFolder } from './view-folder.ts';

export type RolledBack = {
  readonly table: ViewTable;
  readonly version: number;
  readonly logPosition: LogPosition;
  /** Whether this program folds that version. Else the one that does has to be started. */
  readonly goesOn: boolean;
};

/**
 * Lets what served before a rebuild serve again. A table of the version that this program folds is
 * brought up to the end of the log first; one of another version serves as it stands, for the program
 * that folds it. What served stays in its turn, so that a second rollback takes back the first.
 * @throws RebuildFailed when nothing stayed from before; RebuildRunning while somebody rebuilds
 */
export const rollBack = (options: RebuildOptions): Promise<readonly RolledBack[]> =>
  whileClaimed(options, async (rebuilding) => {
    const { projectionStore, projections, writes } = rebuilding;
    const found = [];
    for (const projection of projections) {
      const table = await projectionStore.before(projection.view);
      if (table === undefined)
        throw new RebuildFailed(`${projection.view}: nothing stayed from before a rebuild`);
      found.push({ projection, table });
    }
    const rolledBack: RolledBack[] = [];
    for (const { projection, table } of found) {
      const { view, generation, version, logPosition } = table;
      const goesOn = version === projection.version;
      const build = viewFolder(projection, table, { projectionStore: writes, cachedRows: hotRows });
      if (goesOn) {
        await projectionStore.reopen(table);
        await swapIn(build, rebuilding);
      } else await projectionStore.exchange(table);
      rolledBack.push({
        table: { view, generation },
        version,
        logPosition: goesOn ? build.checkpoint().logPosition : logPosition,
        goesOn,
      });
    }
    return rolledBack;
  });

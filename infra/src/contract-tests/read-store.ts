import type { ViewDefinition, ViewTable } from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, describe } from 'vitest';
import type { ReadModels } from '../read-store/read-models.ts';
import { describeBuilding } from './read-store/building.ts';
import { describeCommitting } from './read-store/committing.ts';
import { describeFinding } from './read-store/finding.ts';
import { describeLeasing } from './read-store/leasing.ts';
import { describeRebuilding } from './read-store/rebuilding.ts';
import { change, others, type ReadStoreSuite, things } from './read-store/samples.ts';
import { describeSnapshots } from './read-store/snapshots.ts';
import { describeWaiting } from './read-store/waiting.ts';

/** The contract suite of the read models. */
export const describeReadModels = (
  name: string,
  make: (
    views: readonly ViewDefinition[],
  ) => Promise<ReadModels & { readonly dispose: () => Promise<void> }>,
): void => {
  describe(name, () => {
    let made: Awaited<ReturnType<typeof make>> | undefined;
    beforeAll(async () => {
      made = await make([things, others]);
    });
    afterAll(async () => {
      await made?.dispose();
    });
    const models = () => {
      if (made === undefined) throw new Error('the store is made before the first test');
      return made;
    };
    const write = () => models().projectionStore;
    const fresh = async (view: string): Promise<ViewTable> => {
      const { generation } = await write().startBuild(view);
      const table = { view, generation };
      await write().finishBuild(table);
      await write().swap(table, async () => change(table, [0, 0]));
      return table;
    };
    const suite: ReadStoreSuite = { read: () => models().readStore, write, fresh };
    describeCommitting(suite);
    describeFinding(suite);
    describeWaiting(suite);
    describeBuilding(suite);
    describeRebuilding(suite);
    describeSnapshots(suite);
    describeLeasing(suite);
  });
};

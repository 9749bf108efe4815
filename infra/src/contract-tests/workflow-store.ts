import { type WorkflowStore, WorkflowStoreUnavailable } from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeCheckpoints } from './workflow-store/checkpoints.ts';
import { describeKeeping } from './workflow-store/keeping.ts';
import { describeLeasing } from './workflow-store/leasing.ts';
import { at, epochOf, fresh, longMs } from './workflow-store/suite.ts';

type Made = {
  /** Opens a further store on the same data, as another process would. */
  readonly open: () => WorkflowStore;
  /** Closes all of them and removes what they left. */
  readonly dispose: () => Promise<void>;
};

/** The contract suite of leases and checkpoints. The store may hold other workflows already. */
export const describeWorkflowStore = (name: string, make: () => Promise<Made>): void => {
  describe(name, () => {
    let made: Made | undefined;
    const stores: WorkflowStore[] = [];
    beforeAll(async () => {
      made = await make();
      stores.push(made.open(), made.open(), made.open());
    });
    afterAll(async () => {
      await made?.dispose();
    });
    const store = (index: number) => () => {
      const found = stores[index];
      if (found === undefined) throw new Error('the stores are made before the first test');
      return found;
    };
    const [one, two, third] = [store(0), store(1), store(2)];
    describeLeasing({ one, two });
    describeKeeping({ one, two });
    describeCheckpoints({ one, two });

    test('a store that is closed says that it cannot be reached, and others go on', async () => {
      const workflow = fresh();
      const epoch = epochOf(await third().acquire(workflow, 'a', longMs));
      await third().close();
      const calls = [
        () => third().acquire(workflow, 'a', longMs),
        () => third().renew(workflow, epoch, longMs),
        () => third().release(workflow, epoch),
        () => third().checkpoint(workflow),
        () => third().saveCheckpoint(workflow, epoch, at(1n)),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(WorkflowStoreUnavailable);
      expect(await one().acquire(workflow, 'b', longMs)).toBeUndefined();
    });
  });
};

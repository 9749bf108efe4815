import { type Lease, RebuildRunning } from '@sentinel/contracts/kernel';
import { pause } from './pause.ts';
import type { RebuildOptions } from './rebuild-options.ts';

const retryMs = 500;

/** Takes the right to rebuild. @throws RebuildRunning unless it `waits`; the signal's reason */
export const claimRebuild = async ({
  projectionStore,
  projections,
  by = 'the start of a program',
  waits,
  signal,
}: RebuildOptions): Promise<Lease> => {
  const claim = { views: projections.map(({ view }) => view), by };
  for (;;) {
    signal.throwIfAborted();
    try {
      return await projectionStore.claimRebuild(claim);
    } catch (error) {
      if (waits !== true || !(error instanceof RebuildRunning)) throw error;
      await pause(retryMs, signal);
    }
  }
};

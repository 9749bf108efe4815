import type { Handlers } from '@sentinel/contracts';
import { accepted, RebuildRunning, refused } from '@sentinel/contracts/kernel';
import { RebuildFailed, type RebuildProgress } from '@sentinel/projections';
import { differencesInWords } from '../differences-in-words.ts';
import type { Rebuild } from '../sentinel.ts';

const whole = 1_000n;

/** In thousandths: positions may be larger than any number. */
const thousandths = ({ done, total }: RebuildProgress): number =>
  total === 0n ? Number(whole) : Number((done * whole) / total);

/** Rebuilds views at the wish of a client, and refuses where somebody rebuilds already. */
export const rebuildHandlers = (rebuild: Rebuild): Handlers<'RebuildViews'> => ({
  RebuildViews: async ({ view, dry_run = false }, { metadata, signal, progress }) => {
    try {
      const rebuilt = await rebuild(
        { view, dryRun: dry_run, by: metadata.principal },
        (step) => progress(thousandths(step), Number(whole), `folded up to ${step.done}`),
        signal,
      );
      if (rebuilt === undefined)
        return refused('UNKNOWN_VIEW', `There is no view ${view}.`, 'See projections.status.');
      return accepted({
        views: rebuilt.map(({ table, logPosition, comparison }) => ({
          view: table.view,
          log_position: `${logPosition}`,
          result: comparison.result,
          differences:
            'differences' in comparison ? differencesInWords(comparison.differences) : null,
        })),
      });
    } catch (error) {
      if (error instanceof RebuildRunning)
        return refused('REBUILD_RUNNING', `${error.message}.`, 'Ask again when it has ended.');
      if (error instanceof RebuildFailed)
        return refused('REBUILD_FAILED', `${error.message}.`, 'What served goes on serving.');
      throw error;
    }
  },
});

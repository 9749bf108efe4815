import type { ProgramLog } from '@sentinel/infra/telemetry';
import { allProjections, projector } from '@sentinel/projections';
import type { Closing } from './closing.ts';
import { resultInWords } from './differences-in-words.ts';
import type { Parts } from './open-parts.ts';
import { watchViews } from './watch-views.ts';

/**
 * Folds the log into the views until told to stop, where this process has that role and nobody else
 * folds them; else looks how far another has come. `outage` is the last one it had to wait out.
 */
export const runProjector = (
  parts: Parts,
  { log, folds }: { readonly log: ProgramLog; readonly folds: boolean },
  ends: Closing,
) => {
  const { eventStore, readModels } = parts;
  const stop = new AbortController();
  let problem: string | undefined;
  let outage: string | undefined;
  const folding = projector({
    eventStore,
    projectionStore: readModels.projectionStore,
    projections: allProjections,
    onRebuilt: (rebuilt) => {
      for (const { table, comparison } of rebuilt)
        log.info(`views: ${table.view} was built anew: ${resultInWords(comparison)}`);
    },
    alarm: ({ view, problem: what }) => {
      if (view === null) outage = what;
      log.warn(`views: ${view === null ? '' : `${view}: `}${what}`);
    },
  });
  const run = async (): Promise<void> => {
    if (!folds) return;
    await folding.run(stop.signal).catch((error: unknown) => {
      problem = error instanceof Error ? error.message : String(error);
      log.error('the projector has stopped', error);
    });
  };
  const ended = run();
  const { isFolding } = folding;
  const elsewhere = watchViews(parts, { isFoldedHere: isFolding, signal: stop.signal });
  ends.add('projector', async () => {
    stop.abort();
    await ended;
    await elsewhere.ended;
  });
  return {
    status: () => (isFolding() ? folding.status() : elsewhere.status()),
    problem: () => problem,
    stalled: elsewhere.stalled,
    lagMs: elsewhere.lagMs,
    outage: () => outage,
  };
};

import type { ReadModels } from '@sentinel/infra/read-store';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import {
  allProjections,
  projector,
  type RebuildOptions,
  rebuildViews,
} from '@sentinel/projections';
import type { Closing } from './closing.ts';
import type { Parts } from './open-parts.ts';
import type { Rebuild } from './sentinel.ts';
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
    outage: () => outage,
  };
};

/** A rebuild that began now would take away the tables of the one that runs. */
class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
}

/** What `npm run rebuild` asks for: one at a time. */
export const rebuilding = ({
  eventStore,
  readModels: { projectionStore },
}: {
  readonly eventStore: RebuildOptions['eventStore'];
  readonly readModels: Pick<ReadModels, 'projectionStore'>;
}): Rebuild => {
  let running: string | undefined;
  return async ({ view, dryRun }, onProgress, signal) => {
    const projections = allProjections.filter((each) => view === 'all' || each.view === view);
    if (projections.length === 0) return undefined;
    if (running !== undefined)
      throw new RebuildRunning(`A rebuild of ${running} runs already: wait for it, or end it.`);
    running = view;
    try {
      const given = { eventStore, projectionStore, projections, onProgress };
      return await rebuildViews({ ...given, dryRun, signal });
    } finally {
      running = undefined;
    }
  };
};

import type { ProgramLog } from '@sentinel/infra/telemetry';
import { allProjections, projector, rebuildViews } from '@sentinel/projections';
import type { Closing } from './closing.ts';
import type { Parts } from './open-parts.ts';
import type { Rebuild } from './sentinel.ts';

/** Folds the log into the views until told to stop; `outage` is the last one it had to wait out. */
export const runProjector = ({ eventStore, readModels }: Parts, log: ProgramLog, ends: Closing) => {
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
  const ended = folding.run(stop.signal).catch((error: unknown) => {
    problem = error instanceof Error ? error.message : String(error);
    log.error('the projector has stopped', error);
  });
  ends.add('projector', async () => {
    stop.abort();
    await ended;
  });
  return { status: folding.status, problem: () => problem, outage: () => outage };
};

/** What `npm run rebuild` asks for. */
export const rebuilding =
  ({ eventStore, readModels }: Pick<Parts, 'eventStore' | 'readModels'>): Rebuild =>
  async (view, onProgress, signal) => {
    const projections = allProjections.filter((each) => view === 'all' || each.view === view);
    if (projections.length === 0) return undefined;
    const { projectionStore } = readModels;
    return rebuildViews({ eventStore, projectionStore, projections, onProgress, signal });
  };

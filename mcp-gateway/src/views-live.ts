import type { Timer } from '@sentinel/contracts/kernel';
import { databaseDiskFull, saysDiskFull } from '@sentinel/infra/postgres';
import { StartupError } from '@sentinel/infra/runtime';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import type { ViewStatus } from '@sentinel/projections';
import type { runProjector } from './project.ts';

type Watching = {
  readonly timer: Timer;
  readonly log: Pick<ProgramLog, 'warn'>;
  readonly signal: AbortSignal;
};

const lookAgainMs = 10;
/** From the moment that nobody folds: a projector that starts beside this process has long begun. */
const waitAtMostMs = 60_000;

/**
 * Until the views have caught up, answers would be of the past: start-up waits that long, or until
 * the projector has given up, or nobody has folded for more than a minute. @throws StartupError
 */
export const viewsLive = async (
  { status, problem, outage, stalled }: ReturnType<typeof runProjector>,
  { timer, log, signal }: Watching,
): Promise<void> => {
  const settled = ({ state }: ViewStatus) => state === 'live' || state === 'parked';
  let stalledAtMs: number | undefined;
  while (!signal.aborted && !(status().length > 0 && status().every(settled))) {
    const last = outage();
    // An outage may pass while somebody waits; a full disk stays full until somebody acts.
    if (last !== undefined && saysDiskFull(last)) throw databaseDiskFull(last);
    const why = problem();
    if (why !== undefined) {
      throw new StartupError(
        `The views cannot be built (${why}): see sentinel.log in the data folder, mend that, and start again.`,
        { code: 'views-failed' },
      );
    }
    const nobody = stalled();
    if (nobody === undefined) stalledAtMs = undefined;
    else if (stalledAtMs === undefined) {
      stalledAtMs = timer.nowMs();
      log.warn(`waiting for the views: ${nobody}; ${startOne}`);
    } else if (timer.nowMs() - stalledAtMs > waitAtMostMs)
      throw new StartupError(`The views do not come on (${nobody}): ${startOne}.`, {
        code: 'views-failed',
      });
    await timer.pause(lookAgainMs, signal);
  }
};

const startOne =
  'a process with the role projector (SENTINEL_ROLES) has to run on the same EVENTSTORE_URL and DATABASE_URL';

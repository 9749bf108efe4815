import type { Money, Position } from '@sentinel/contracts/kernel';
import { type Config, riskLimitsOf } from '@sentinel/infra/config';
import { databaseDiskFull, saysDiskFull } from '@sentinel/infra/postgres';
import { newId, StartupError, sha256, systemClock } from '@sentinel/infra/runtime';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import type { ViewStatus } from '@sentinel/projections';
import {
  type Desk,
  feeSchedule,
  tradingDesk,
  workflowMetadata,
} from '@sentinel/services/execution';
import { registerStrategies, signalFinder, strategyFinder } from '@sentinel/services/strategy';
import { allHandlers } from './all-handlers.ts';
import { type BrokerLoop, brokerLoop } from './broker-loop.ts';
import { closing } from './closing.ts';
import { openParts, type Parts } from './open-parts.ts';
import { rebuilding, runProjector } from './project.ts';
import type { Sentinel } from './sentinel.ts';
import { componentsOf, type HealthSources } from './system-health.ts';
import { viewsProblem } from './views-problem.ts';

const openDesk = (
  config: Config,
  { eventStore, market, codeDigest: code, places }: Parts,
  asks: { readonly onSubmitted: () => void; readonly viewsProblem: () => string | undefined },
): Desk =>
  tradingDesk({
    eventStore,
    market,
    findStrategy: strategyFinder(eventStore),
    findSignal: signalFinder({ eventStore, places }),
    newId,
    digest: sha256,
    codeDigest: code,
    now: systemClock,
    account: 'paper',
    startingCash: config.PAPER_STARTING_CASH as Money,
    venue: {
      seed: config.MARKET_SEED,
      latencyMs: config.PAPER_FILL_LATENCY_MS,
      slippageBps: config.SLIPPAGE_BPS,
      feeSchedule,
      ...(config.PAPER_FILL_ON !== 'quotes' && { bars: config.PAPER_FILL_ON }),
      ...(config.PAPER_VENUE_FAULTS !== undefined && { faults: config.PAPER_VENUE_FAULTS }),
    },
    ...asks,
  });

/** Nothing new is opened before anybody watches the views. */
const notWatched = 'they are not built yet';

const lookAgainMs = 10;

/**
 * Until the views have caught up, answers would be of the past: start-up waits that long, or until
 * the projector has given up. @throws StartupError
 */
const viewsLive = async (
  { status, problem, outage }: ReturnType<typeof runProjector>,
  signal: AbortSignal,
): Promise<void> => {
  const settled = ({ state }: ViewStatus) => state === 'live' || state === 'parked';
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
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
};

/** Builds the house from its parts. What it has opened it closes again, in reverse, also when it fails. */
export const compose = async (
  config: Config,
  log: ProgramLog,
  signal: AbortSignal,
): Promise<Sentinel> => {
  const ends = closing(log);
  try {
    const parts = await openParts(config, log, ends);
    let broker: BrokerLoop | undefined;
    let watched: HealthSources | undefined;
    const desk = openDesk(config, parts, {
      onSubmitted: () => broker?.wake(),
      viewsProblem: () => (watched === undefined ? notWatched : viewsProblem(watched)),
    });
    const metadata = () => workflowMetadata('start-up', newId);
    await registerStrategies({
      eventStore: parts.eventStore,
      newId,
      now: systemClock,
      metadata: metadata(),
    });
    await desk.open(riskLimitsOf(config));
    const folding = runProjector(parts, log, ends);
    broker = brokerLoop({
      desk: () => desk,
      metadata: () => workflowMetadata('session-roll', newId),
      onError: (error) => log.error('the paper venue could not look', error),
      onHalt: (code) => log.warn(`the guard has engaged a halt: ${code}`),
    });
    ends.add('paper venue', broker.stop);
    const sources: HealthSources = {
      eventStore: parts.eventStore,
      market: parts.market,
      viewsPosition: () => parts.readModels.readStore.position() as Position,
      views: folding.status,
      brokerProblem: broker.problem,
      projectorProblem: folding.problem,
    };
    watched = sources;
    await viewsLive(folding, signal);
    return {
      handlers: allHandlers(parts, desk, sources),
      lastAppend: parts.lastAppend,
      approvals: desk.approvals,
      components: () => componentsOf(sources),
      rebuild: rebuilding(parts),
      stop: ends.close,
    };
  } catch (error) {
    await ends.close();
    throw error;
  }
};

import type { VenueTerms } from '@sentinel/contracts/execution';
import type { LogPosition, Money } from '@sentinel/contracts/kernel';
import { type Config, type Role, riskLimitsOf } from '@sentinel/infra/config';
import { databaseDiskFull, saysDiskFull } from '@sentinel/infra/postgres';
import { newId, StartupError, sha256, systemClock, systemTimer } from '@sentinel/infra/runtime';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import { strategyIndex, type ViewStatus } from '@sentinel/projections';
import { keyRoom, lastUses, passkeyRoom } from '@sentinel/services/access';
import { readExport } from '@sentinel/services/audit';
import {
  type Desk,
  type Floor,
  tradingDesk,
  tradingFloor,
  workflowMetadata,
} from '@sentinel/services/execution';
import { type Governance, governanceRoom, strategyFinder } from '@sentinel/services/governance';
import { feeSchedule } from '@sentinel/services/portfolio';
import { limitsAdoption } from '@sentinel/services/risk';
import { signalFinder, strategies } from '@sentinel/services/strategy';
import { allHandlers } from './all-handlers.ts';
import { closing } from './closing.ts';
import { openParts, type Parts } from './open-parts.ts';
import { rebuilding, runProjector } from './project.ts';
import { runResidents } from './run-residents.ts';
import type { Sentinel } from './sentinel.ts';
import { componentsOf, type HealthSources, viewsProblem } from './system/index.ts';
import { inWorkers } from './work/in-workers.ts';

/** The ids of all strategies; undefined while nobody knows them, and then no name is refused. */
const knownStrategies =
  ({ eventStore, readModels }: Pick<Parts, 'eventStore' | 'readModels'>) =>
  async (): Promise<readonly string[] | undefined> => {
    try {
      const index = strategyIndex(readModels.readStore);
      const last = await eventStore.lastPosition();
      const types = Object.keys(strategies);
      return (await Promise.all(types.map((type) => index.ofType(type, last)))).flat();
    } catch {
      return undefined;
    }
  };

/** In Postgres there is one writer; in EventStoreDB another gateway may have changed a grant. */
const writesAlone = (config: Config): boolean => config.EVENTSTORE_URL === undefined;

const openFloor = (
  config: Config,
  { eventStore, sessions, control, market, places, readModels, codeDigest: code }: Parts,
  viewsProblem: () => string | undefined,
): Floor =>
  tradingFloor({
    eventStore,
    sessions,
    control,
    market,
    findStrategy: strategyFinder(eventStore, sha256),
    strategies: knownStrategies({ eventStore, readModels }),
    findSignal: signalFinder({ eventStore, places }),
    newId,
    digest: sha256,
    codeDigest: code,
    now: systemClock,
    pause: systemTimer.pause,
    writesAlone: writesAlone(config),
    approvalsAt: `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${config.PORT}/desk/approvals`,
    viewsProblem,
  });

const venueTerms = (config: Config): VenueTerms => ({
  seed: config.MARKET_SEED,
  latencyMs: config.PAPER_FILL_LATENCY_MS,
  slippageBps: config.SLIPPAGE_BPS,
  feeSchedule,
  ...(config.PAPER_FILL_ON !== 'quotes' && { bars: config.PAPER_FILL_ON }),
  ...(config.PAPER_VENUE_FAULTS !== undefined && { faults: config.PAPER_VENUE_FAULTS }),
});

const openDesk = (config: Config, floor: Floor): Desk =>
  tradingDesk(floor, {
    account: 'paper',
    startingCash: config.PAPER_STARTING_CASH as Money,
    venue: venueTerms(config),
  });

const openGovernance = (
  { eventStore, market, readModels }: Parts,
  { control, halting, under }: Floor,
): Governance =>
  governanceRoom({
    ...{ eventStore, control, halting, under, newId, digest: sha256 },
    index: strategyIndex(readModels.readStore),
    marketNow: market.now,
    now: systemClock,
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
    const parts = await openParts(config, { log, signal }, ends);
    let watched: HealthSources | undefined;
    const floor = openFloor(config, parts, () =>
      watched === undefined ? notWatched : viewsProblem(watched),
    );
    const desk = openDesk(config, floor);
    const metadata = () => workflowMetadata('start-up', newId);
    const governance = openGovernance(parts, floor);
    floor.approvals.add(governance.approvalSource);
    await governance.open(metadata());
    await floor.open(riskLimitsOf(config));
    const has = (role: Role): boolean => config.SENTINEL_ROLES.includes(role);
    const folding = runProjector(parts, { log, folds: has('projector') }, ends);
    const workflows = has('venue')
      ? runResidents(parts, { floor, desk, governance, log }, ends)
      : undefined;
    const sources: HealthSources = {
      eventStore: parts.eventStore,
      market: parts.market,
      viewsPosition: () => parts.readModels.readStore.logPosition() as LogPosition,
      views: folding.status,
      workflows: () => workflows?.health() ?? [],
      projectorProblem: () => folding.problem() ?? folding.stalled(),
    };
    watched = sources;
    const uses = lastUses(systemClock);
    const workers = inWorkers();
    ends.add('threads', workers.stop);
    await viewsLive(folding, signal);
    return {
      handlers: allHandlers(
        parts,
        { floor, desk, governance, workers, venue: venueTerms(config) },
        sources,
      ),
      source: parts.market.source,
      lastAppend: parts.lastAppend,
      readResource: (uri) => readExport(parts.eventStore, uri),
      approvals: floor.approvals,
      grants: floor.grants,
      passkeys: passkeyRoom({ eventStore: parts.eventStore, newId }),
      keys: keyRoom({ eventStore: parts.eventStore, newId, writesAlone: writesAlone(config) }),
      access: {
        ...{ newest: floor.grants.newest, account: desk.account },
        ...{ used: uses.note, now: systemClock },
      },
      lastUses: uses,
      limits: limitsAdoption({
        ...{ control: floor.control, changes: floor.halting, account: desk.account },
        ...{ wanted: riskLimitsOf(config), digest: sha256, now: systemClock },
      }),
      components: () => componentsOf(sources),
      rebuild: rebuilding(parts),
      stop: ends.close,
    };
  } catch (error) {
    await ends.close();
    throw error;
  }
};

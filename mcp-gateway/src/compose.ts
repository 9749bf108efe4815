import type { VenueTerms } from '@sentinel/contracts/execution';
import type { LogPosition, Money } from '@sentinel/contracts/kernel';
import { type Config, type Role, riskLimitsOf } from '@sentinel/infra/config';
import { newId, sha256, systemClock, systemTimer } from '@sentinel/infra/runtime';
import { noTelemetry, type ProgramLog, type Telemetry } from '@sentinel/infra/telemetry';
import { strategyIndex } from '@sentinel/projections';
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
import { accessLists } from './access-lists.ts';
import { allHandlers } from './all-handlers.ts';
import { closing } from './closing.ts';
import { keyList } from './key-list.ts';
import { openParts, type Parts } from './open-parts.ts';
import { orderCount } from './order-count.ts';
import { runProjector } from './project.ts';
import { rebuilding, rollingBack } from './rebuilding.ts';
import { runResidents } from './run-residents.ts';
import { publicAddressOf } from './running/index.ts';
import type { Sentinel } from './sentinel.ts';
import { standingOf } from './standing-of.ts';
import { componentsOf, type HealthSources, viewsProblem } from './system/index.ts';
import { viewsLive } from './views-live.ts';
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

const openFloor = (config: Config, parts: Parts, viewsProblem: () => string | undefined): Floor => {
  const { eventStore, sessions, control, market, places, codeDigest: code } = parts;
  return tradingFloor({
    ...{ eventStore, sessions, control, market },
    findStrategy: strategyFinder(eventStore, sha256),
    strategies: knownStrategies(parts),
    findSignal: signalFinder({ eventStore, places }),
    newId,
    digest: sha256,
    codeDigest: code,
    now: systemClock,
    pause: systemTimer.pause,
    writesAlone: writesAlone(config),
    approvalsAt: `${publicAddressOf(config)}/desk/approvals`,
    viewsProblem,
    countOrder: orderCount(parts.sharedState, { sentPerSecond: config.MAX_ORDERS_PER_SECOND }),
  });
};

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

/** About as long as a page of a session takes to be read, so that orders come between. */
const readingRestMs = 4;
const forAsLongAsItTakes = new AbortController().signal;

const openGovernance = (
  { eventStore, market, readModels, snapshots }: Parts,
  { control, halting, under, approvals }: Floor,
): Governance =>
  governanceRoom({
    ...{ eventStore, control, halting, under, newId, digest: sha256, snapshots },
    rest: () => systemTimer.pause(readingRestMs, forAsLongAsItTakes),
    index: strategyIndex(readModels.readStore),
    answer: approvals.answer,
    marketNow: market.now,
    now: systemClock,
  });

/** Nothing new is opened before anybody watches the views. */
const notWatched = 'they are not built yet';

/** Builds the house from its parts. What it has opened it closes again, in reverse, also when it fails. */
export const compose = async (
  config: Config,
  log: ProgramLog,
  {
    signal,
    telemetry = noTelemetry,
  }: { readonly signal: AbortSignal; readonly telemetry?: Telemetry },
): Promise<Sentinel> => {
  const ends = closing(log);
  try {
    const parts = await openParts(config, { log, signal, telemetry }, ends);
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
      ? runResidents(parts, { floor, desk, governance, log, telemetry }, ends)
      : undefined;
    const sources: HealthSources = {
      eventStore: parts.eventStore,
      market: parts.market,
      sharedState: parts.sharedState,
      viewsPosition: () => parts.readModels.readStore.logPosition() as LogPosition,
      views: folding.status,
      workflows: () => workflows?.health() ?? [],
      projectorProblem: () => folding.problem() ?? folding.stalled(),
      lagMs: folding.lagMs,
    };
    watched = sources;
    const uses = lastUses(systemClock);
    ends.add('gauges', telemetry.observe(standingOf(sources, floor.control)));
    const workers = inWorkers();
    ends.add('threads', workers.stop);
    await viewsLive(folding, { timer: systemTimer, log, signal });
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
      accessLists: accessLists({
        eventStore: parts.eventStore,
        readStore: parts.readModels.readStore,
      }),
      grants: floor.grants,
      accessStore: parts.accessStore,
      passkeys: passkeyRoom({ eventStore: parts.eventStore, newId }),
      keys: keyRoom({ eventStore: parts.eventStore, newId, writesAlone: writesAlone(config) }),
      access: {
        ...{ newest: floor.grants.newest, account: desk.account },
        ...{ used: uses.note, now: systemClock },
      },
      lastUses: uses,
      keyList: () =>
        keyList({
          ...{ readStore: parts.readModels.readStore, lastUses: uses, at: systemClock() },
          lastAppend: parts.lastAppend(),
        }),
      limits: limitsAdoption({
        ...{ control: floor.control, changes: floor.halting, account: desk.account },
        ...{ wanted: riskLimitsOf(config), digest: sha256, now: systemClock },
      }),
      count: parts.sharedState.count,
      components: () => componentsOf(sources),
      rebuild: rebuilding(parts),
      rollBack: rollingBack(parts),
      stop: ends.close,
    };
  } catch (error) {
    await ends.close();
    throw error;
  }
};

import type { Handlers } from '@sentinel/contracts';
import { type Money, type Position, refused } from '@sentinel/contracts/kernel';
import { type Config, riskLimitsOf } from '@sentinel/infra/config';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { postgresReadModels } from '@sentinel/infra/read-store';
import { codeDigest, newId, sha256, systemClock } from '@sentinel/infra/runtime';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import {
  allProjections,
  locateDecision,
  projector,
  queryHandlers,
  rebuildViews,
  tradingViews,
  viewDefinitions,
} from '@sentinel/projections';
import { explainTrade } from '@sentinel/services/audit';
import {
  type Desk,
  feeSchedule,
  latestMarketTime,
  tradingDesk,
  workflowMetadata,
} from '@sentinel/services/execution';
import { marketHandlers } from '@sentinel/services/market';
import { regimeEvaluator, regimeHandlers } from '@sentinel/services/regime';
import { registerStrategies, strategyFinder, strategyHandlers } from '@sentinel/services/strategy';
import { watchlistRoom } from '@sentinel/services/watchlist';
import { type BrokerLoop, brokerLoop } from './broker-loop.ts';
import { closing } from './closing.ts';
import { rememberingLastAppend } from './last-append.ts';
import { openMarket } from './open-market.ts';
import type { Rebuild, Sentinel } from './sentinel.ts';
import { componentsOf, type HealthSources, systemHandlers } from './system-health.ts';

/** How long a query of the index waits for what the caller has seen elsewhere. */
const indexWaitMs = 2_000;

type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens what everything stands on, in order; what is open already is closed when the rest fails. */
const openParts = async (config: Config, log: ProgramLog, ends: ReturnType<typeof closing>) => {
  const connectionString = config.DATABASE_URL ?? (await openEmbedded(config, log, ends));
  await migrate(connectionString);
  const opened = await openPostgresEventStore({ connectionString, now: systemClock, log });
  const { eventStore, lastAppend } = rememberingLastAppend(opened);
  ends.add('event store', eventStore.close);
  const resumeFrom = await latestMarketTime({ eventStore, newId, digest: sha256 });
  const market = await openMarket(config, resumeFrom);
  ends.add('market data', market.close);
  const readModels = postgresReadModels({ connectionString, views: viewDefinitions, log });
  ends.add('views', readModels.close);
  return { eventStore, lastAppend, market, readModels, codeDigest: await codeDigest() };
};

const openEmbedded = async (
  config: Config,
  log: ProgramLog,
  ends: ReturnType<typeof closing>,
): Promise<string> => {
  const embedded = await startEmbeddedPostgres({ dataDir: config.SENTINEL_DATA_DIR, log });
  ends.add('embedded Postgres', embedded.stop);
  return embedded.connectionString;
};

const openDesk = (
  config: Config,
  { eventStore, market, codeDigest: code }: Parts,
  onSubmitted: () => void,
): Desk =>
  tradingDesk({
    eventStore,
    market,
    findStrategy: strategyFinder(eventStore),
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
    },
    onSubmitted,
  });

/** Folds the log into the views until told to stop. */
const runProjector = (
  { eventStore, readModels }: Parts,
  log: ProgramLog,
  ends: ReturnType<typeof closing>,
) => {
  const stop = new AbortController();
  let problem: string | undefined;
  const folding = projector({
    eventStore,
    projectionStore: readModels.projectionStore,
    projections: allProjections,
    alarm: ({ view, problem: what }) =>
      log.warn(`views: ${view === null ? '' : `${view}: `}${what}`),
  });
  const ended = folding.run(stop.signal).catch((error: unknown) => {
    problem = error instanceof Error ? error.message : String(error);
    log.error('the projector has stopped', error);
  });
  ends.add('projector', async () => {
    stop.abort();
    await ended;
  });
  return { status: folding.status, problem: () => problem };
};

const allHandlers = (parts: Parts, desk: Desk, sources: HealthSources): Handlers => {
  const { eventStore, market, readModels, codeDigest: code } = parts;
  const { readStore } = readModels;
  const regime = regimeEvaluator({
    eventStore,
    market,
    evidence: desk.evidence,
    newId,
    codeDigest: code,
  });
  const watchlist = watchlistRoom({ eventStore, market, newId, now: systemClock });
  return {
    ...desk.handlers,
    PlaceOrder: async (input, context) =>
      haltedBy(sources) ?? desk.handlers.PlaceOrder(input, context),
    ...watchlist.handlers,
    ...marketHandlers({ market }),
    ...regimeHandlers({ regime }),
    ...strategyHandlers({ eventStore, market, regime, watchlist, newId, codeDigest: code }),
    ...queryHandlers({ readStore, marketData: market, now: systemClock }),
    ...systemHandlers(sources, code),
    ExplainTrade: explainTrade({
      eventStore,
      digest: sha256,
      codeDigest: code,
      source: market.source,
      locate: (id) => locateDecision(readStore, id),
      waitFor: (position) => readStore.waitFor(position, indexWaitMs),
      position: readStore.position,
    }),
  };
};

const rebuilding =
  ({ eventStore, readModels }: Pick<Parts, 'eventStore' | 'readModels'>): Rebuild =>
  async (view, onProgress, signal) => {
    const projections = allProjections.filter((each) => view === 'all' || each.view === view);
    if (projections.length === 0) return undefined;
    const { projectionStore } = readModels;
    return rebuildViews({ eventStore, projectionStore, projections, onProgress, signal });
  };

/** While a view that people judge risk by is parked, nobody can see what they do: no new orders. */
const haltedBy = ({ views, projectorProblem }: HealthSources) => {
  const parked = views().find(
    ({ view, state }) => state === 'parked' && tradingViews.includes(view),
  );
  const problem =
    projectorProblem() ?? (parked === undefined ? undefined : `${parked.view} is parked`);
  return problem === undefined
    ? undefined
    : refused(
        'VIEWS_STOPPED',
        `The views have stopped (${problem}), so orders are not taken.`,
        'Read system.health; an operator must mend it.',
      );
};

/** Until the views have caught up, answers would be of the past: start-up waits that long. */
const viewsLive = async (
  status: Parts['eventStore'] extends never ? never : () => readonly { readonly state: string }[],
  signal: AbortSignal,
) => {
  while (
    !signal.aborted &&
    !(status().length > 0 && status().every(({ state }) => state === 'live' || state === 'parked'))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
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
    const desk = openDesk(config, parts, () => broker?.wake());
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
    await viewsLive(folding.status, signal);
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

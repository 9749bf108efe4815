import type { Handlers } from '@sentinel/contracts';
import type { VenueTerms } from '@sentinel/contracts/execution';
import { ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { newId, sha256, systemClock, systemTimer } from '@sentinel/infra/runtime';
import {
  lastRecordedBefore,
  laterSessions,
  locateDecision,
  locateStory,
  queryHandlers,
  recordedBetween,
  sayEvent,
} from '@sentinel/projections';
import { peakEquity, tradesBetween } from '@sentinel/projections/portfolio';
import {
  explainTrade,
  exportHandlers,
  replayHandlers,
  selfAssessmentHandlers,
  whatIfHandlers,
} from '@sentinel/services/audit';
import { backtestHandlers } from '@sentinel/services/backtest';
import type { Desk, Floor } from '@sentinel/services/execution';
import type { Governance } from '@sentinel/services/governance';
import { marketHandlers } from '@sentinel/services/market';
import { regimeEvaluator, regimeHandlers } from '@sentinel/services/regime';
import { readingHandlers, sizeHandlers } from '@sentinel/services/risk';
import { instanceFinder, strategyHandlers } from '@sentinel/services/strategy';
import { watchlistRoom } from '@sentinel/services/watchlist';
import type { Parts } from './open-parts.ts';
import { verifyRecorded } from './proof/index.ts';
import { rebuilding } from './rebuilding.ts';
import {
  briefHandlers,
  componentsOf,
  type HealthSources,
  rebuildHandlers,
  systemHandlers,
  viewHandlers,
} from './system/index.ts';
import type { InWorkers } from './work/in-workers.ts';

/** How long a query of the index waits for what the caller has seen elsewhere. */
const indexWaitMs = 2_000;

/** One handler for each message of the catalogue: one that is missing does not compile. */
export const allHandlers = (
  parts: Parts,
  {
    floor,
    desk,
    governance,
    workers,
    venue,
  }: {
    readonly floor: Floor;
    readonly desk: Desk;
    readonly governance: Governance;
    readonly workers: InWorkers;
    readonly venue: VenueTerms;
  },
  sources: HealthSources,
): Handlers => {
  const { eventStore, market, readModels, places, codeDigest: code } = parts;
  const { evidence } = floor;
  const { readStore } = readModels;
  const regime = regimeEvaluator({
    ...{ eventStore, market, evidence, places, newId },
    codeDigest: code,
  });
  const watchlist = watchlistRoom({ eventStore, market, newId, now: systemClock });
  const between = async (start?: Temporal.Instant, end?: Temporal.Instant) => {
    // By a view that stands behind, what was recorded last would be left out in silence.
    if (!(await readStore.waitFor(await eventStore.lastPosition(), indexWaitMs)))
      throw new ReadStoreUnavailable('the views stand behind the log');
    return recordedBetween(readStore, start, end);
  };
  const handlers = {
    ...desk.handlers,
    ...floor.approvals.handlers,
    ...governance.handlers,
    ...sizeHandlers({ standing: desk.standing, market, regime }),
    ...readingHandlers({
      market,
      read: desk.reading,
      peakEquity: (account) => peakEquity(readStore, account),
    }),
    ...exportHandlers({ eventStore, digest: sha256, recordedBetween: between }),
    ...selfAssessmentHandlers({
      ...{ eventStore, recordedBetween: between },
      ...{ source: market.source, now: systemClock, verifyApproval: verifyRecorded },
    }),
    ...watchlist.handlers,
    ...marketHandlers({ market }),
    ...regimeHandlers({ regime }),
    ...strategyHandlers({
      ...{ eventStore, market, regime, evidence, places, watchlist, newId },
      codeDigest: code,
      now: systemClock,
    }),
    ...queryHandlers({ readStore, marketData: market, now: systemClock }),
    ...systemHandlers(sources, code),
    ...replayHandlers({
      ...{ eventStore, digest: sha256, locate: places.find },
      ...{ control: floor.control, account: desk.account },
      replay: workers.run('replay'),
    }),
    ...whatIfHandlers({
      ...{ eventStore, market, control: floor.control, account: desk.account },
      whatIf: workers.run('whatIf'),
    }),
    ...backtestHandlers({
      ...{ eventStore, market, evidence, newId, venue, timer: systemTimer },
      ...{ control: floor.control, account: desk.account, codeDigest: code },
      findStrategy: instanceFinder(eventStore),
      recordResult: governance.recordBacktest,
      runBacktest: workers.run('backtest'),
      walkForward: workers.run('walkForward'),
    }),
    ...viewHandlers(sources),
    ...rebuildHandlers(rebuilding(parts)),
    ExplainTrade: explainTrade({
      eventStore,
      digest: sha256,
      codeDigest: code,
      source: market.source,
      locate: (id) => locateDecision(readStore, id),
      locateFinding: places.find,
      locateStory: (id) => locateStory(readStore, id),
      laterSessions: (...of) => laterSessions(readStore, ...of),
      tripsBetween: (between) => tradesBetween(readStore, between),
      sayEvent,
      waitFor: (logPosition) => readStore.waitFor(logPosition, indexWaitMs),
      logPosition: readStore.logPosition,
    }),
  };
  const brief = briefHandlers({
    ...{ eventStore, market, handlers },
    components: () => componentsOf(sources),
    lastBefore: (end) => lastRecordedBefore(readStore, end),
  });
  return { ...handlers, ...brief };
};

import type { Money } from '@sentinel/contracts/kernel';
import { type Config, parseConfig, riskLimitsOf } from '@sentinel/infra/config';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { mockMarketData } from '@sentinel/infra/market-data';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { newId, sha256 } from '@sentinel/infra/runtime';
import {
  type Floor,
  sessionStore,
  tradingDesk,
  tradingFloor,
  workflowMetadata,
} from '@sentinel/services/execution';
import { governanceRoom, strategyFinder } from '@sentinel/services/governance';
import { feeSchedule } from '@sentinel/services/portfolio';
import { controlRoom } from '@sentinel/services/risk';
import { bindToMarket } from '../bind-log.ts';
import { limits } from './program.ts';

const silent = { info: () => undefined, warn: () => undefined };
/** What is lost when the machine goes down is a log that is being made for a measurement. */
const unhurried = '&options=-c%20synchronous_commit%3Doff';

const settingsOf = (dataDir: string): Config => {
  const parsed = parseConfig({ ...limits, SENTINEL_DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
};

const openLog = async (dataDir: string, now: () => Temporal.Instant) => {
  const embedded = await startEmbeddedPostgres({ dataDir, log: silent });
  try {
    await migrate(embedded.connectionString);
    const connectionString = `${embedded.connectionString}${unhurried}`;
    const eventStore = await openPostgresEventStore({ connectionString, now, log: silent });
    return {
      eventStore,
      close: async () => {
        await eventStore.close();
        await embedded.stop();
      },
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
};

/** Registers the strategies of the house as a first start does. Nobody asks it for more here, and no index is there. */
const registerStrategies = (floor: Floor): Promise<void> => {
  const none = () => Promise.reject(new Error('no views are folded here'));
  const { eventStore, control, halting, under, approvals, now, market } = floor;
  return governanceRoom({
    ...{ eventStore, control, halting, under, newId, digest: sha256, now },
    index: { ofType: none, ofRequest: none, runsOf: none },
    answer: approvals.answer,
    marketNow: market.now,
  }).open(workflowMetadata('benchmark', newId));
};

/** The desk of the program, on its market and its log in `dataDir`, at whatever time `now` says. */
export const openPastHouse = async (dataDir: string, now: () => Temporal.Instant) => {
  const config = settingsOf(dataDir);
  const { eventStore, close } = await openLog(dataDir, now);
  const seed = config.MARKET_SEED;
  const market = mockMarketData({ now, seed });
  const control = controlRoom({ eventStore, newId });
  const { calendar } = market.session(market.now());
  const binding = { provider: 'mock', calendar, seed, bars: null } as const;
  await bindToMarket({ control, config, opened: { market, binding }, resumeFrom: undefined });
  const floor = tradingFloor({
    ...{ eventStore, control, market, newId, digest: sha256, now },
    sessions: sessionStore({ eventStore, newId, digest: sha256 }),
    findStrategy: strategyFinder(eventStore, sha256),
    findSignal: async () => undefined,
    codeDigest: sha256('benchmark'),
  });
  await registerStrategies(floor);
  await floor.open(riskLimitsOf(config));
  const desk = tradingDesk(floor, {
    account: 'paper',
    startingCash: config.PAPER_STARTING_CASH as Money,
    venue: {
      seed,
      latencyMs: config.PAPER_FILL_LATENCY_MS,
      slippageBps: config.SLIPPAGE_BPS,
      feeSchedule,
    },
  });
  return { desk, eventStore, close };
};

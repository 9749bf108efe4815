import {
  type EventMetadata,
  type EventStore,
  money,
  type RequestContext,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { parseConfig, riskLimitsOf } from '@sentinel/infra/config';
import { mockMarketData } from '@sentinel/infra/market-data';
import { newId, sha256, systemClock } from '@sentinel/infra/runtime';
import {
  type Desk,
  type Floor,
  realTimers,
  slowMarket,
  tradingDesk,
  tradingFloor,
} from '@sentinel/services/execution';
import { limits } from './program.ts';

export const metadata: EventMetadata = {
  principal: 'local:bench',
  client: 'bench',
  tool: 'bench',
  correlationId: newId(),
  causationId: newId(),
};
export const context: RequestContext = {
  metadata,
  signal: new AbortController().signal,
  progress: () => undefined,
};

const limitsOfBench = () => {
  const config = parseConfig(limits);
  if (!config.ok) throw new Error(config.refusal.message);
  return riskLimitsOf(config.value);
};

/** The house without its door, on a real store and a market whose every answer takes so long. */
export const openSlowHouse = async (eventStore: EventStore, latencyMs: number) => {
  const market = mockMarketData({ now: systemClock, seed: 1 });
  const floor = tradingFloor({
    eventStore,
    market: slowMarket(market, { latencyMs, seed: 1, timers: realTimers }),
    findStrategy: async () => undefined,
    findSignal: async () => undefined,
    ...{ newId, digest: sha256, codeDigest: sha256('bench'), now: systemClock },
  });
  const desk = tradingDesk(floor, {
    account: 'bench',
    startingCash: money.of('10000000'),
    venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
  });
  await floor.open(limitsOfBench());
  return { floor, desk };
};

const letters = 26;
const firstLetter = 65;
/** Plausible symbols, each another. */
export const ticker = (n: number): Ticker =>
  `Q${String.fromCharCode(firstLetter + Math.floor(n / letters), firstLetter + (n % letters))}` as Ticker;

/** A person lets trading go on, as for the next round one must. */
export const release = async ({ floor, desk }: { readonly floor: Floor; readonly desk: Desk }) => {
  const reason = 'the round of the benchmark is over';
  const asked = await desk.handlers.RequestHaltRelease({ scope: 'global', reason }, context);
  if (!asked.ok) throw new Error(asked.refusal.message);
  const { request_id: requestId } = asked.value;
  const found = await floor.approvals.find(requestId);
  if (found === undefined) throw new Error('a release was asked for and is not to be found');
  const by = {
    principal: 'operator-key:bench',
    identifiedBy: 'operator_key',
    through: 'command',
  } as const;
  const approval = { requestId, digest: found.digest, approves: true, by };
  const approved = await floor.approvals.answer(approval, metadata);
  if (!approved.ok) throw new Error(approved.refusal.message);
};

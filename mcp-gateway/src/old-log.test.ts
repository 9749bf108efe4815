import { sessionEvents, viewOfOrder } from '@sentinel/contracts/execution';
import {
  type Digest,
  decodeEvent,
  type EventStore,
  type LogPosition,
  money,
  type OrderId,
  quantity,
  type RecordedEvent,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { parseConfig, riskLimitsOf } from '@sentinel/infra/config';
import { mockMarketData } from '@sentinel/infra/market-data';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { newId, sha256 } from '@sentinel/infra/runtime';
import {
  allProjections,
  laterSessions,
  locateDecision,
  locateFinding,
  locateStory,
  type Projector,
  projector,
  queryHandlers,
  sayEvent,
  viewDefinitions,
} from '@sentinel/projections';
import { tradesBetween } from '@sentinel/projections/portfolio';
import { explainTrade, reExecute } from '@sentinel/services/audit';
import {
  type SessionState,
  sessionDecider,
  tradingDesk,
  tradingFloor,
} from '@sentinel/services/execution';
import { expect, test, vi } from 'vitest';
import { oldLog } from './test-old-log.ts';

const { recorded, open } = oldLog('0.1.0');
const context = {
  metadata: {
    principal: 'local:test',
    client: 'test',
    tool: 'test',
    correlationId: 'test',
    causationId: 'test',
  },
  signal: new AbortController().signal,
  progress: () => undefined,
};
/** The morning after the last session. */
const now = Temporal.Instant.from('2026-03-10T15:00:00Z');
const market = mockMarketData({ now: () => now, seed: 17 });
const { evolve, initialState } = sessionDecider(sha256);
const sessionStreams = [...new Set(recorded.map(({ stream }) => stream))].filter((stream) =>
  stream.startsWith('session-'),
);
const decode = (event: RecordedEvent) => decodeEvent(sessionEvents, event);
/** So many assessments stand in the log: a loop over none of them would prove nothing. */
const decisionCount = 42;
const countOf = (type: string) => recorded.filter((event) => event.type === type).length;

/** Folds one session and hands over each assessment with the session as it stood before it. */
const foldSession = async (
  log: EventStore,
  stream: StreamName,
  onDecision: (decision: RiskAssessed, before: SessionState) => void = () => undefined,
): Promise<SessionState> => {
  let state: SessionState = initialState;
  for (const each of await log.readStream(stream)) {
    const event = decode(each);
    if (event.type === 'RiskAssessed') onDecision(event.data, state);
    state = evolve(state, event);
  }
  return state;
};

const again = (decision: RiskAssessed, before: SessionState, digest: Digest = sha256) => {
  if (before.phase === 'unopened') throw new Error('decided before the session was opened');
  return reExecute(decision, before, digest);
};

/** Every view of today folded over the log. */
const viewsOver = async (eventStore: EventStore) => {
  const models = memoryReadModels({ views: viewDefinitions });
  const alarms: string[] = [];
  const views: Projector = projector({
    eventStore,
    projectionStore: models.projectionStore,
    projections: allProjections,
    cachedRows: 1_000,
    alarm: ({ view, problem }) => alarms.push(`${view}: ${problem}`),
  });
  const stop = new AbortController();
  const running = views.run(stop.signal);
  const last = await eventStore.lastPosition();
  await Promise.race([
    vi.waitUntil(
      () =>
        alarms.length > 0 ||
        (views.status().length > 0 &&
          views.status().every(({ logPosition }) => logPosition === last)),
      { interval: 1, timeout: 10_000 },
    ),
    running,
  ]);
  stop.abort();
  await running;
  return { ...models, alarms, status: views.status() };
};

const tallyOf = (texts: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(texts, (text) => text)).map(([text, of]) => [
      text,
      of?.length ?? 0,
    ]),
  );

test('the log holds what it is kept for', () => {
  expect(recorded.length).toBe(353);
  expect(new Set(recorded.map(({ type }) => type)).size).toBe(32);
  expect(sessionStreams.length).toBe(5);
  expect(countOf('RiskAssessed')).toBe(decisionCount);
  expect(countOf('OrderFilled') + countOf('OrderPartiallyFilled')).toBe(36);
});

test('a memory store takes it in as it is, place by place', async () => {
  const log = await open();
  const all = await log.readAll({ after: 0n as LogPosition, maxCount: 5_000 });
  expect(all).toEqual(recorded);
});

test('every session opens, each on the equity with which the one before it closed', async () => {
  const log = await open();
  const states = await Promise.all(sessionStreams.map((stream) => foldSession(log, stream)));
  expect(states.map(({ phase }) => phase)).toEqual([
    'closed',
    'closed',
    'closed',
    'closed',
    'open',
  ]);
  const openings = states.map((state) =>
    state.phase === 'unopened' ? null : state.dayStartEquity,
  );
  const closings = states.map((state) => (state.phase === 'closed' ? state.closing?.equity : null));
  expect(openings.slice(1)).toEqual(closings.slice(0, -1));
});

test('every decision is made again as it was made, digest for digest', async () => {
  const log = await open();
  const results: string[] = [];
  for (const stream of sessionStreams)
    await foldSession(log, stream, (decision, before) => {
      const { result, differences, inputsDigest, resultDigest } = again(decision, before);
      expect(differences).toEqual([]);
      expect(inputsDigest).toBe(decision.inputsDigest);
      expect(resultDigest).toBe(decision.resultDigest);
      results.push(`${decision.purpose} ${decision.outcome} ${result}`);
    });
  expect(tallyOf(results)).toEqual({
    'preview APPROVED equal': 1,
    'preview DENIED equal': 1,
    'order APPROVED equal': 33,
    'order DENIED equal': 7,
  });
});

test('a decision whose facts were changed is not', async () => {
  const log = await open();
  const differing: string[] = [];
  for (const stream of sessionStreams)
    await foldSession(log, stream, (decision, before) => {
      const facts = { ...decision.facts, sector: 'Elsewhere' };
      differing.push(again({ ...decision, facts }, before).result);
    });
  expect(tallyOf(differing)).toEqual({ different: decisionCount });
});

/** What these views hold was never recorded when the log was written: backtests, grants, keys. */
const younger = new Set(['runs', 'grants', 'api_keys', 'passkeys']);

test('every view folds it to its end, and holds something of it', async () => {
  const log = await open();
  const { alarms, status, readStore } = await viewsOver(log);
  expect(alarms).toEqual([]);
  expect(status.length).toBe(allProjections.length);
  for (const { view } of allProjections) {
    const { value } = await readStore.find(view, { limit: 500 });
    expect([view, value.length > 0]).toEqual([view, !younger.has(view)]);
  }
  const { value: orders } = await readStore.find('orders', { limit: 500 });
  const statuses = orders.map(({ row }) => (row as { readonly status: string }).status);
  expect(tallyOf(statuses)).toEqual({
    denied: 7,
    submitted: 1,
    accepted: 3,
    rejected: 2,
    filled: 25,
    canceled: 3,
    expired: 1,
  });
});

test('an order is the same from the view as from the session that knows it best', async () => {
  const log = await open();
  const { readStore } = await viewsOver(log);
  const { ListOrders } = queryHandlers({ readStore, marketData: market, now: market.now });
  const listed = await ListOrders({ detail: 'full', limit: 100 }, context);
  if (!listed.ok) throw new Error(listed.refusal.message);
  const states = await Promise.all(sessionStreams.map((stream) => foldSession(log, stream)));
  // The last session that had to do with an order has seen all of it.
  const remembered = (id: OrderId) =>
    states
      .map((state) => (state.phase === 'unopened' ? undefined : state.orders.get(id)))
      .findLast((record) => record !== undefined);
  expect(listed.value.orders.length).toBe(42);
  for (const order of listed.value.orders) {
    const record = remembered(order.order_id);
    // The books do not carry when an order last changed: a session that inherits it says when it came.
    const updated_at = order.updated_at;
    expect(order).toEqual(record && { ...viewOfOrder(record), updated_at });
  }
});

test('every decision is explained, by its order and with its evidence', async () => {
  const log = await open();
  const { readStore } = await viewsOver(log);
  const explain = explainTrade({
    eventStore: log,
    digest: sha256,
    codeDigest: sha256('today'),
    source: 'mock',
    locate: (id) => locateDecision(readStore, id),
    locateFinding: (id) => locateFinding(readStore, id),
    locateStory: (id) => locateStory(readStore, id),
    laterSessions: (...of) => laterSessions(readStore, ...of),
    tripsBetween: (between) => tradesBetween(readStore, between),
    sayEvent,
    waitFor: (logPosition) => readStore.waitFor(logPosition, 1_000),
    logPosition: readStore.logPosition,
  });
  const decisions = recorded.flatMap((event) => {
    const decoded = event.type === 'RiskAssessed' ? decode(event) : undefined;
    return decoded?.type === 'RiskAssessed' ? [decoded.data.decisionId] : [];
  });
  let evidence = 0;
  for (const id of decisions) {
    const answer = await explain({ audit_event_id: id }, context);
    if (!answer.ok) throw new Error(answer.refusal.message);
    const { re_executed, evidence: checked } = answer.value;
    expect(re_executed.result).toBe('equal');
    expect(checked.filter(({ result }) => result !== 'equal')).toEqual([]);
    evidence += checked.length;
  }
  expect(decisions.length).toBe(decisionCount);
  expect(evidence).toBe(84);
});

test('trading goes on from it: the open session closes and the next one opens from its books', async () => {
  const log = await open();
  const config = parseConfig({});
  if (!config.ok) throw new Error(config.refusal.message);
  const floor = tradingFloor({
    eventStore: log,
    market,
    findStrategy: async () => undefined,
    findSignal: async () => undefined,
    newId,
    digest: sha256,
    codeDigest: sha256('today'),
    now: market.now,
  });
  const desk = tradingDesk(floor, {
    account: 'paper',
    startingCash: money.of('1'),
    venue: { seed: 7, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
  });
  await floor.open(riskLimitsOf(config.value));
  const answer = await desk.handlers.PlaceOrder(
    { symbol: 'NVDA' as Ticker, side: 'sell', qty: quantity.fromShares(1), order_type: 'market' },
    context,
  );
  expect(answer).toMatchObject({ ok: true });
  const closed = await foldSession(log, 'session-paper-2026-03-09' as StreamName);
  const opened = await foldSession(log, 'session-paper-2026-03-10' as StreamName);
  if (closed.phase !== 'closed' || opened.phase !== 'open') throw new Error('not rolled');
  expect(opened.dayStartEquity).toBe(closed.closing?.equity);
  expect([...opened.positions.keys()]).toEqual([...closed.positions.keys()]);
  expect(opened.positions.size).toBeGreaterThan(5);
});

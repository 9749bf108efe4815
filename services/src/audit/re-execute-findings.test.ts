import {
  accepted,
  decodeEvent,
  type EventId,
  type EventStore,
  encodeEvent,
  price,
  quantity,
  type RecordedEvent,
  type RequestContext,
  streamName,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { evidenceEvents } from '@sentinel/contracts/market';
import { regimeEvents } from '@sentinel/contracts/regime';
import { signalEvents, strategyEvents } from '@sentinel/contracts/strategy';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { mockMarketData } from '@sentinel/infra/market-data';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { recordedPlaces } from '../kernel/index.ts';
import { evidenceLocker } from '../market/index.ts';
import { testBars } from '../market/test-bars.ts';
import { regimeEvaluator, regimeHandlers } from '../regime/index.ts';
import { strategies, strategyHandlers } from '../strategy/index.ts';
import { explainTrade } from './explain.ts';
import { reExecuteRegime } from './re-execute-regime.ts';
import { reExecuteSignal, type SignalEvent } from './re-execute-signal.ts';

const sunday = Temporal.Instant.from('2026-11-22T07:12:13Z');
const context: RequestContext = {
  metadata: {
    principal: 'local:test',
    client: 'vitest',
    tool: 'test',
    correlationId: 'c',
    causationId: 'c',
  },
  signal: new AbortController().signal,
  progress: () => undefined,
};
const symbols = ['NVDA', 'MSFT', 'AAPL', 'AMD'] as Ticker[];

/** NVDA breaks out of a climb; everything else is the mock market's. */
const breakoutMarket = (): MarketData => {
  let close = 100;
  const past = Array.from({ length: 299 }, (_, i) => {
    close += i % 3 === 2 ? -0.35 : 0.4;
    return { close: Math.round(close * 100) / 100 };
  });
  const top = Math.max(...past.slice(-20).map((bar) => bar.close));
  const breakout = { close: top + 0.05, high: top + 0.2, low: top - 0.5, volume: 3_000_000 };
  const mock = mockMarketData({ now: () => sunday });
  return {
    ...mock,
    bars: async (symbol, request) =>
      symbol === 'NVDA'
        ? testBars([...past, breakout], { timeframe: request.timeframe })
        : mock.bars(symbol, request),
  };
};

/** A strategy that somebody made, which aims three times as far as it risks. */
const register = (eventStore: EventStore, id: string) =>
  eventStore.appendToStream(
    streamName('strategy', 'far_momentum'),
    [
      {
        ...{ id: id as EventId, metadata: context.metadata },
        ...encodeEvent(strategyEvents, {
          type: 'StrategyRegistered',
          data: {
            ...{ strategyId: 'far_momentum', name: 'Far momentum', description: 'aims far' },
            ...{ type: 'momentum_v1', policyVersion: 'momentum-1', timeframe: '1Day' },
            parameters: { ...strategies.momentum_v1.parameters, rewardToRisk: 3 },
            ...{ state: 'draft', by: 'local:test', reason: 'a try', at: sunday },
          },
        }),
      },
    ],
    'no-stream',
  );

/** A house that has evaluated a regime with the model, and scanned by every strategy. */
const house = async () => {
  const market = breakoutMarket();
  const eventStore = memoryEventStore({ now: () => sunday });
  const newId = monotonicIds();
  const codeDigest = sha256('code');
  const evidence = evidenceLocker({ eventStore, newId, digest: sha256 });
  const places = recordedPlaces(async () => undefined);
  const parts = { eventStore, market, evidence, places, newId, codeDigest };
  const regime = regimeEvaluator(parts);
  await regimeHandlers({ regime }).EvaluateRegime(
    { symbol: 'MSFT' as Ticker, timeframe: '1Day' },
    context,
  );
  const watchlist = { symbols: async () => accepted(symbols) };
  const shown = { limit: 12, rejections: false };
  const { Scan } = strategyHandlers({ ...parts, regime, watchlist, now: () => sunday });
  expect((await Scan(shown, context)).ok).toBe(true);
  await register(eventStore, newId());
  expect((await Scan({ strategy: 'far_momentum', ...shown }, context)).ok).toBe(true);
  const sources = { eventStore, digest: sha256, locate: places.find };
  return { eventStore, sources, places, codeDigest, log: await eventStore.readAll() };
};

const regimesOf = (log: readonly RecordedEvent[]) =>
  log
    .filter(({ type }) => type === 'RegimeClassified')
    .map((recorded) => decodeEvent(regimeEvents, recorded).data);
const findingsOf = (log: readonly RecordedEvent[]): readonly SignalEvent[] =>
  log
    .filter(({ type }) => type === 'SignalFound' || type === 'ScanCompleted')
    .map((recorded) => decodeEvent(signalEvents, recorded));

/** The store with one window of evidence changed by the hand of somebody who can write to it. */
const tampered = (eventStore: EventStore, digest: string): EventStore => ({
  ...eventStore,
  readStream: async (stream, options) => {
    const events = await eventStore.readStream(stream, options);
    if (stream !== `evidence-${digest}`) return events;
    return events.map((recorded) => {
      const { data } = decodeEvent(evidenceEvents, recorded);
      const close = data.content.close.map((each, n) => (n === 3 ? each + 0.01 : each));
      const content = { ...data.content, close };
      return { ...recorded, data: { ...data, content } as RecordedEvent['data'] };
    });
  },
});

describe('a classification made again from its evidence', () => {
  test('is equal, digest for digest, with the model and without', async () => {
    const { sources, log } = await house();
    const regimes = regimesOf(log);
    expect(regimes.filter(({ withModel }) => withModel)).toHaveLength(1);
    expect(regimes.length).toBeGreaterThan(symbols.length);
    for (const regime of regimes) {
      const again = await reExecuteRegime(regime, sources);
      if (again.result === 'not_re_executable') throw new Error(again.reason);
      expect(again.differences).toEqual([]);
      expect(again.recomputed).toEqual(again.recorded);
      expect(again.result).toBe('equal');
    }
  });

  test('shows a planted value, and no changed word', async () => {
    const { sources, log } = await house();
    const [regime] = regimesOf(log);
    if (regime === undefined) throw new Error('no regime');
    const { classification } = regime;
    const reworded = { ...classification, reasoning: ['It was so.'] };
    expect(await reExecuteRegime({ ...regime, classification: reworded }, sources)).toMatchObject({
      result: 'equal',
    });
    const metrics = { ...classification.metrics, close: 1 };
    const planted = { ...regime, classification: { ...classification, metrics } };
    expect(await reExecuteRegime(planted, sources)).toMatchObject({
      result: 'different',
      differences: [{ path: 'result.metrics.close', recorded: '1' }],
    });
  });

  test('shows evidence that was changed', async () => {
    const { sources, log, eventStore } = await house();
    const [regime] = regimesOf(log);
    if (regime === undefined) throw new Error('no regime');
    const changed = { ...sources, eventStore: tampered(eventStore, regime.barsDigest) };
    const again = await reExecuteRegime(regime, changed);
    expect(again.result === 'different' && again.differences.map(({ path }) => path)).toContain(
      'inputs.barsDigest',
    );
  });

  test('is not claimed of a policy that was not kept, nor without its bars', async () => {
    const { sources, log } = await house();
    const [regime] = regimesOf(log);
    if (regime === undefined) throw new Error('no regime');
    expect(await reExecuteRegime({ ...regime, policyVersion: 'regime-1' }, sources)).toEqual({
      result: 'not_re_executable',
      reason:
        'Not re-executable: recorded by policy regime-1, before policies of regimes were kept or by a newer Sentinel.',
    });
    const lost = { ...sources, eventStore: memoryEventStore({ now: () => sunday }) };
    expect((await reExecuteRegime(regime, lost)).result).toBe('not_re_executable');
  });
});

describe('a signal or a scan made again from its evidence', () => {
  test('is equal, digest for digest, for every strategy', async () => {
    const { sources, log } = await house();
    const findings = findingsOf(log);
    const scans = findings.filter(({ type }) => type === 'ScanCompleted');
    expect(scans).toHaveLength(7);
    const far = findings.find(
      ({ data }) => 'signal' in data && data.signal.strategyId === 'far_momentum',
    );
    expect(far?.type).toBe('SignalFound');
    expect(findings.length).toBeGreaterThan(scans.length);
    for (const finding of findings) {
      const again = await reExecuteSignal(finding, sources);
      if (again.result === 'not_re_executable') throw new Error(again.reason);
      expect(again.differences).toEqual([]);
      expect(again.recomputed).toEqual(again.recorded);
      expect(again.result).toBe('equal');
    }
  });

  test('names the volume that a rule was given, by the bars that give it again', async () => {
    const { sources, log } = await house();
    const scan = findingsOf(log).find(
      ({ type, data }) => type === 'ScanCompleted' && data.policyVersion === 'rsi-mean-reversion-1',
    );
    if (scan?.type !== 'ScanCompleted') throw new Error('no scan');
    const [first, ...none] = scan.data.none;
    const volume = first?.judged?.averageDailyVolume;
    if (first?.judged == null || volume == null) throw new Error('no volume');
    const judged = {
      ...first.judged,
      averageDailyVolume: { ...volume, value: quantity.fromShares(1) },
    };
    const planted = { ...scan, data: { ...scan.data, none: [{ ...first, judged }, ...none] } };
    const again = await reExecuteSignal(planted, sources);
    expect(again.result === 'different' && again.differences.map(({ path }) => path)).toEqual([
      'inputs.0.volume.value',
    ]);
  });

  test('shows a planted value, and no changed word', async () => {
    const { sources, log } = await house();
    const found = findingsOf(log).find(({ type }) => type === 'SignalFound');
    if (found?.type !== 'SignalFound') throw new Error('no signal');
    const { signal } = found.data;
    const withSignal = (rest: Partial<typeof signal>): SignalEvent => ({
      ...found,
      data: { ...found.data, signal: { ...signal, ...rest } },
    });
    const conditions = signal.conditions.map((each) => ({ ...each, detail: 'It was so.' }));
    expect((await reExecuteSignal(withSignal({ conditions }), sources)).result).toBe('equal');
    expect(await reExecuteSignal(withSignal({ stop: price.of('1') }), sources)).toMatchObject({
      result: 'different',
      differences: [{ path: 'result.trade.stop', recorded: '1' }],
    });
  });

  test('is never called equal when it was recorded before it named its rule', async () => {
    const { sources, log } = await house();
    for (const finding of findingsOf(log)) {
      const older = { ...finding, data: { ...finding.data, policyVersion: null } } as SignalEvent;
      const again = await reExecuteSignal(older, sources);
      expect(again).toEqual({
        result: 'not_re_executable',
        reason: 'Not re-executable: recorded before a finding named the version of its rule.',
      });
    }
  });
});

describe('audit.explain_trade', () => {
  const explaining = ({ eventStore, places, codeDigest }: Awaited<ReturnType<typeof house>>) =>
    explainTrade({
      ...{ eventStore, codeDigest, digest: sha256, source: 'mock' },
      locate: async () => undefined,
      locateFinding: places.find,
      locateStory: async () => undefined,
      laterSessions: async () => [],
      tripsBetween: async () => [],
      sayEvent: ({ type }) => type,
      waitFor: async () => true,
      logPosition: () => 7n,
    });

  test('answers for the event of a classification, a signal and a scan', async () => {
    const made = await house();
    const explain = explaining(made);
    for (const type of ['RegimeClassified', 'SignalFound', 'ScanCompleted']) {
      const recorded = made.log.find((each) => each.type === type);
      if (recorded === undefined) throw new Error(`no ${type}`);
      const answer = await explain({ audit_event_id: recorded.id }, context);
      if (!answer.ok) throw new Error(answer.refusal.code);
      expect(answer.value.re_executed).toMatchObject({
        result: 'equal',
        same_code: true,
        limits_version: null,
      });
      expect(answer.value.decision_id).toBe(recorded.id);
      expect(answer.value.evidence.every(({ result }) => result === 'equal')).toBe(true);
      expect(answer.value.narrative.length).toBeGreaterThan(1);
      expect(answer.value.narrative.every(({ event_id }) => event_id === recorded.id)).toBe(true);
    }
  });

  test('says in its first line why an older signal is not made again', async () => {
    const made = await house();
    const recorded = made.log.find(({ type }) => type === 'SignalFound');
    if (recorded === undefined) throw new Error('no signal');
    const {
      policyVersion: _,
      averageDailyVolume: __,
      ...data
    } = recorded.data as object as Record<string, unknown>;
    const older = { ...recorded, schemaVersion: 1, data } as RecordedEvent;
    const eventStore: EventStore = {
      ...made.eventStore,
      readStream: async (stream, options) =>
        stream === recorded.stream ? [older] : made.eventStore.readStream(stream, options),
    };
    const answer = await explaining({ ...made, eventStore })(
      { audit_event_id: recorded.id },
      context,
    );
    if (!answer.ok) throw new Error(answer.refusal.code);
    expect(answer.value.re_executed).toMatchObject({
      result: 'not_re_executable',
      recomputed_result_digest: null,
    });
    expect(answer.value.narrative[0]?.text).toMatch(/^Not re-executable: recorded before/);
  });

  test('knows nothing of other ids', async () => {
    const answer = await explaining(await house())(
      { audit_event_id: 'nothing' as EventId },
      context,
    );
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_DECISION' } });
  });
});

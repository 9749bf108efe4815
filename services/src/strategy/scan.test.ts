import { commands } from '@sentinel/contracts';
import { decodeEvent, price, type RecordedEvent, streamName } from '@sentinel/contracts/kernel';
import {
  evidenceEvents,
  fromBarWindow,
  type MarketData,
  MarketDataUnavailable,
  type Ticker,
} from '@sentinel/contracts/market';
import { regimeEvents } from '@sentinel/contracts/regime';
import { signalEvents } from '@sentinel/contracts/strategy';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { mockMarketData } from '@sentinel/infra/market-data';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { recordedPlaces } from '../kernel/index.ts';
import { evidenceLocker, findEvidence } from '../market/index.ts';
import { type TestBar, testBars } from '../market/test-bars.ts';
import { classify, regimeEvaluator, regimeHandlers } from '../regime/index.ts';
import { watchlistRoom } from '../watchlist/index.ts';
import { strategyHandlers } from './index.ts';
import { strategies } from './registry.ts';
import { signalFinder } from './signal-finder.ts';

const sunday = Temporal.Instant.from('2026-11-22T07:12:13Z');
const metadata = {
  principal: 'local:test',
  client: 'vitest',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};
const newId = monotonicIds();

const context = (
  over: {
    readonly signal?: AbortSignal;
    readonly progress?: (done: number, total: number, message: string) => void;
  } = {},
) => ({
  metadata,
  signal: new AbortController().signal,
  progress: () => undefined,
  ...over,
});

/** Almost half a second passes between two looks at it. */
const tickingClock = () => {
  let looks = 0;
  return () => sunday.add({ milliseconds: 400 * looks++ });
};

const house = (market: MarketData = mockMarketData({ now: () => sunday })) => {
  const eventStore = memoryEventStore({ now: () => sunday });
  const codeDigest = sha256('code');
  const evidence = evidenceLocker({ eventStore, newId, digest: sha256 });
  const watchlist = watchlistRoom({ eventStore, market, newId, now: () => sunday });
  // No index: what this process recorded is all that there is.
  const places = recordedPlaces(async () => undefined);
  const regime = regimeEvaluator({ eventStore, market, evidence, places, newId, codeDigest });
  const handlers = {
    ...watchlist.handlers,
    ...regimeHandlers({ regime }),
    ...strategyHandlers({
      ...{ eventStore, market, regime, evidence, places, watchlist, newId, codeDigest },
      now: tickingClock(),
    }),
  };
  return { eventStore, handlers, places };
};

/** A market whose bars are given: NVDA breaks out, DOWN cannot be read, all else stands still. */
const breakoutMarket = (): MarketData => {
  let close = 100;
  const past: TestBar[] = Array.from({ length: 299 }, (_, i) => {
    close += i % 3 === 2 ? -0.35 : 0.4;
    return { close: Math.round(close * 100) / 100 };
  });
  const top = Math.max(...past.slice(-20).map((bar) => bar.close));
  const breakout = { close: top + 0.05, high: top + 0.2, low: top - 0.5, volume: 3_000_000 };
  const still = mockMarketData({ now: () => sunday });
  return {
    ...still,
    bars: async (symbol, { timeframe, limit }) => {
      if (symbol === 'DOWN') throw new MarketDataUnavailable('The provider did not answer.');
      if (symbol !== 'NVDA')
        return testBars(new Array<number>(Math.min(limit, 300)).fill(50), { symbol, timeframe });
      return testBars([...past, breakout], { timeframe });
    },
  };
};

const added = (group?: string) => ({
  symbols: ['NVDA', 'MSFT', 'AAPL'],
  ...(group !== undefined && { group }),
});
const typesOf = (events: readonly RecordedEvent[]) => events.map(({ type }) => type);

describe('the watchlist', () => {
  test('judges symbols one by one, and adds none twice', async () => {
    const { handlers, eventStore } = house();
    const first = await handlers.AddSymbols(
      { symbols: ['nvda', 'NVDA', 'ABCDEFG', 'ΝVDA', 'MSFT', ''], group: 'tech' },
      context(),
    );
    expect(first).toMatchObject({
      ok: true,
      value: {
        added: ['NVDA', 'MSFT'],
        already_there: [],
        refused: [
          {
            symbol: 'ABCDEFG',
            code: 'UNKNOWN_SYMBOL',
            reason: 'The mock market does not know ABCDEFG.',
          },
          { symbol: 'ΝVDA', code: 'INVALID_SYMBOL' },
          { symbol: '', code: 'INVALID_SYMBOL' },
        ],
        log_position: '2',
      },
    });
    const again = await handlers.AddSymbols({ symbols: ['NVDA', 'AAPL'] }, context());
    expect(again).toMatchObject({
      ok: true,
      value: { added: ['AAPL'], already_there: ['NVDA'], refused: [] },
    });
    const nothing = await handlers.AddSymbols({ symbols: ['NVDA'] }, context());
    expect(nothing).toMatchObject({
      ok: true,
      value: { added: [], already_there: ['NVDA'], log_position: null },
    });
    expect(await eventStore.readAll()).toHaveLength(3);
  });

  test('is full at 500 symbols, and says which found no place', async () => {
    const { handlers } = house();
    const tickers = Array.from(
      { length: 502 },
      (_, i) => `Z${String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))}`,
    );
    for (let i = 0; i < 500; i += 100)
      await handlers.AddSymbols({ symbols: tickers.slice(i, i + 100) }, context());
    const last = await handlers.AddSymbols({ symbols: tickers.slice(499) }, context());
    expect(last).toMatchObject({
      ok: true,
      value: {
        added: [],
        already_there: [tickers[499]],
        refused: [{ symbol: tickers[500], code: 'WATCHLIST_FULL' }, { symbol: tickers[501] }],
      },
    });
  });
});

describe('regime.evaluate', () => {
  test('records the classification with evidence from which it comes out again', async () => {
    const { handlers, eventStore } = house();
    const answer = await handlers.EvaluateRegime(
      { symbol: 'NVDA' as Ticker, timeframe: '1Day' },
      context(),
    );
    if (!answer.ok) throw new Error(answer.refusal.message);
    expect(commands.EvaluateRegime.output.safeEncode(answer.value).success).toBe(true);
    const [recorded] = await eventStore.readStream(streamName('regime', 'NVDA'));
    expect(recorded!.id).toBe(answer.value.event_id);
    expect(`${recorded!.logPosition}`).toBe(answer.value.log_position);
    const { data } = decodeEvent(regimeEvents, recorded!);
    const bars = (await findEvidence(eventStore, data.barsDigest))!.content;
    const contextBars = (await findEvidence(eventStore, data.contextBarsDigest!))!.content;
    expect(bars.start).toHaveLength(501);
    expect(
      classify({
        bars: fromBarWindow(bars),
        context: fromBarWindow(contextBars),
        minutesSinceOpen: data.classification.metrics.minutesSinceOpen,
        withModel: data.withModel,
      }),
    ).toEqual(data.classification);
  });

  test('keeps the same bars once, and refuses an unknown symbol without a trace', async () => {
    const { handlers, eventStore } = house();
    const symbol = 'NVDA' as Ticker;
    await handlers.EvaluateRegime({ symbol, timeframe: '1Hour' }, context());
    await handlers.EvaluateRegime({ symbol, timeframe: '1Hour' }, context());
    const types = typesOf(await eventStore.readAll());
    expect(types.filter((type) => type in evidenceEvents)).toHaveLength(2);
    expect(types.filter((type) => type === 'RegimeClassified')).toHaveLength(2);
    const unknown = await handlers.EvaluateRegime(
      { symbol: 'ABCDEFG' as Ticker, timeframe: '1Day' },
      context(),
    );
    expect(unknown).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_SYMBOL' } });
    expect(await eventStore.readAll()).toHaveLength(types.length);
  });
});

/** What a caller gets that asks for nothing else. */
const shown = { limit: 12, rejections: false };

describe('strategy.scan', () => {
  test('D39: answers and records a signal, with the regime before it and the scan after it', async () => {
    const { handlers, eventStore } = house(breakoutMarket());
    await handlers.AddSymbols({ symbols: ['NVDA', 'MSFT', 'DOWN'], group: 'tech' }, context());
    const seen: number[] = [];
    const answer = await handlers.Scan(
      { group: 'tech', strategy: 'momentum_v1', limit: 12, rejections: true },
      context({ progress: (done, total) => void seen.push(done / total) }),
    );
    if (!answer.ok) throw new Error(answer.refusal.message);
    const { signals, failed, rejections, problems, evaluated } = answer.value;
    expect(commands.Scan.output.safeEncode(answer.value).success).toBe(true);
    expect(evaluated).toBe(3);
    expect(seen.at(-1)).toBe(1);
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      symbol: 'NVDA',
      strategy: 'momentum_v1',
      side: 'buy',
      regime: 'trending_bull',
      reward_to_risk: 2,
    });
    expect(price.isOnTick(signals[0]!.entry)).toBe(true);
    expect(problems).toEqual([{ problem: 'The provider did not answer.', symbols: ['DOWN'] }]);
    expect(rejections!.map(({ symbol }) => symbol)).toEqual(['MSFT']);
    expect(rejections![0]!.failed).toContain('breakout');
    expect(failed).toMatchObject([{ no_signal_count: 2, conditions: { breakout: 1 } }]);

    const stream = await eventStore.readStream(streamName('signal', 'momentum_v1'));
    expect(typesOf(stream)).toEqual(['SignalFound', 'ScanCompleted']);
    const found = decodeEvent(signalEvents, stream[0]!);
    if (found.type !== 'SignalFound') throw new Error('another event stands first');
    expect(found.data.signal.signalId).toBe(signals[0]!.signal_id);
    const [regime] = await eventStore.readStream(streamName('regime', 'NVDA'));
    expect(regime!.id).toBe(found.data.regimeEventId);
    expect(regime!.logPosition).toBeLessThan(stream[0]!.logPosition);
    const { data } = decodeEvent(regimeEvents, regime!);
    expect(data.barsDigest).toBe(found.data.signal.barsDigest);
    expect(data).toMatchObject({ withModel: false, classification: { metrics: { hmm: null } } });
    expect(data.classification.reasoning.at(-1)).toContain('was not asked');
  });

  test('scans a group or the whole list, and refuses a group that is not there', async () => {
    const { handlers } = house();
    await handlers.AddSymbols(added('tech'), context());
    await handlers.AddSymbols({ symbols: ['XOM'] }, context());
    const evaluated = async (group?: string) => {
      const answer = await handlers.Scan(
        { strategy: 'momentum_v1', ...shown, ...(group !== undefined && { group }) },
        context(),
      );
      return answer.ok ? answer.value.evaluated : answer.refusal;
    };
    expect(await evaluated('tech')).toBe(3);
    expect(await evaluated()).toBe(4);
    expect(await evaluated('none')).toMatchObject({
      code: 'UNKNOWN_GROUP',
      remedy: 'Groups: tech.',
    });
  });

  test('goes on without a strategy that is not there, and names it', async () => {
    const { handlers } = house();
    await handlers.AddSymbols(added('tech'), context());
    const strategies = ['momentum_v1', 'nope'];
    expect(await handlers.Scan({ strategies, ...shown }, context())).toMatchObject({
      ok: true,
      value: { evaluated: 3, unknown_strategies: ['nope'], rejections: null },
    });
  });

  test('names the strategies that there are when only others are asked for', async () => {
    const { handlers, eventStore } = house();
    expect(
      await handlers.Scan({ strategies: ['nope', 'constructor'], ...shown }, context()),
    ).toMatchObject({
      ok: false,
      refusal: {
        code: 'UNKNOWN_STRATEGY',
        message: 'There is no strategy nope, constructor.',
        remedy: `Use one of: ${Object.keys(strategies).join(', ')}, or one that governance.list_strategies shows.`,
      },
    });
    expect(await eventStore.readAll()).toHaveLength(0);
  });

  test('stops when the caller hangs up, and claims no scan', async () => {
    const { handlers, eventStore } = house();
    await handlers.AddSymbols(
      {
        symbols: Array.from(
          { length: 60 },
          (_, i) => `Q${String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))}`,
        ),
      },
      context(),
    );
    const controller = new AbortController();
    const progress = (done: number) => done >= 10 && controller.abort(new Error('hung up'));
    await expect(
      handlers.Scan(shown, context({ signal: controller.signal, progress })),
    ).rejects.toThrow('hung up');
    const types = typesOf(await eventStore.readAll());
    expect(types).not.toContain('ScanCompleted');
    expect(types.filter((type) => type === 'RegimeClassified').length).toBeLessThan(60);
  });
});

describe('strategy.signal', () => {
  test('answers a signal that the committee can be asked about, or what failed', async () => {
    const { handlers, eventStore, places } = house(breakoutMarket());
    const find = signalFinder({ eventStore, places });
    const ask = (symbol: string, strategy = 'momentum_v1') =>
      handlers.EvaluateStrategy({ symbol: symbol as Ticker, strategy }, context());
    const answer = await ask('NVDA');
    if (!answer.ok || answer.value.signal === null) throw new Error('no signal');
    const { signal } = answer.value;
    const [stored] = await eventStore.readStream(streamName('signal', 'momentum_v1'));
    expect(stored?.id).toBe(signal.event_id);
    expect(await find('momentum_v1', signal.signal_id)).toMatchObject({
      eventId: signal.event_id,
      symbol: 'NVDA',
      side: 'buy',
      entry: signal.entry,
      label: 'trending_bull',
      compatible: true,
      confidenceBps: Math.floor(signal.confidence * 10_000),
    });
    expect(await find('atr_swing_v1', signal.signal_id)).toBeUndefined();
    const none = await ask('MSFT');
    expect(none).toMatchObject({ ok: true, value: { signal: null } });
    expect(none.ok && none.value.conditions.filter(({ met }) => !met).length).toBeGreaterThan(0);
    expect(await ask('NVDA', 'nope')).toMatchObject({
      ok: false,
      refusal: { code: 'UNKNOWN_STRATEGY' },
    });
    expect(await eventStore.readStream(streamName('signal', 'momentum_v1'))).toHaveLength(1);
  });
});

import {
  type EventId,
  type EventMetadata,
  type EventOf,
  type EventStore,
  encodeEvent,
  type LogPosition,
  millisecondsBetween,
  type NewId,
  type Outcome,
  type Sha256,
  streamName,
} from '@sentinel/contracts/kernel';
import type { BarSeries, MarketData, Ticker, Timeframe } from '@sentinel/contracts/market';
import { regimeEvents } from '@sentinel/contracts/regime';
import type { RecordedPlaces } from '../kernel/index.ts';
import { type EvidenceLocker, unknownSymbol } from '../market/index.ts';
import { classify } from './classify.ts';
import { currentRegimePolicy } from './policies.ts';

/** Stands for the whole market. */
const contextSymbol = 'SPY' as Ticker;

/** Enough bars of the context to hold its prior close, in a timeframe that keeps the window small. */
const contextRequest = (timeframe: Timeframe) =>
  timeframe === '1Day'
    ? ({ timeframe: '1Day', limit: 5 } as const)
    : ({ timeframe: '15Min', limit: 100 } as const);

export type EvaluatedRegime = {
  readonly event: EventOf<typeof regimeEvents>['data'];
  readonly eventId: EventId;
  readonly logPosition: LogPosition;
  /** The bars that went in, whose digest the event names. */
  readonly bars: BarSeries;
};

/** Classifies a symbol's regime and records it with all that it rests on. */
export type RegimeEvaluator = {
  /** @throws MarketDataUnavailable, and what the event store throws */
  readonly evaluate: (
    wanted: {
      readonly symbol: Ticker;
      readonly timeframe: Timeframe;
      readonly historyBars: number;
      /** Whether to ask the hidden Markov model too, which costs ten times the rest. */
      readonly withModel: boolean;
    },
    metadata: EventMetadata,
  ) => Promise<Outcome<EvaluatedRegime>>;
};

export type RegimeEvaluatorOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly evidence: EvidenceLocker;
  readonly newId: NewId;
  /** Told where each classification stands; absent where nobody asks. */
  readonly places?: Pick<RecordedPlaces, 'remember'>;
  /** SHA-256 of the sources that decide, recorded with every classification. */
  readonly codeDigest: Sha256;
};

const minutesSinceOpen = (market: MarketData, at: Temporal.Instant): number | null => {
  const { opensAt } = market.session(at);
  return opensAt === null ? null : millisecondsBetween(opensAt, at) / 60_000;
};

export const regimeEvaluator = (options: RegimeEvaluatorOptions): RegimeEvaluator => {
  const { eventStore, market, evidence, newId, codeDigest } = options;

  const record = async (data: EvaluatedRegime['event'], metadata: EventMetadata) => {
    const eventId = newId() as EventId;
    const encoded = encodeEvent(regimeEvents, { type: 'RegimeClassified', data });
    const stream = streamName('regime', data.symbol);
    // Nothing is decided from what the stream holds, so that no version has to be expected.
    const { logPosition, version } = await eventStore.appendToStream(
      stream,
      [{ id: eventId, ...encoded, metadata }],
      'any',
    );
    options.places?.remember(eventId, { stream, version });
    return { eventId, logPosition };
  };

  return {
    evaluate: async ({ symbol, timeframe, historyBars, withModel }, metadata) => {
      if ((await market.instrument(symbol)) === undefined)
        return unknownSymbol(market.source, symbol);
      const at = market.now();
      const bars = await market.bars(symbol, { timeframe, limit: historyBars, asOf: at });
      const request = { ...contextRequest(timeframe), asOf: at };
      const found = await market.bars(contextSymbol, request);
      const context = found.start.length === 0 ? null : found;
      const event: EvaluatedRegime['event'] = {
        symbol,
        timeframe,
        at,
        classification: classify({
          bars,
          context,
          minutesSinceOpen: minutesSinceOpen(market, at),
          withModel,
        }),
        withModel,
        source: market.source,
        barsDigest: await evidence.keep(bars, metadata),
        contextSymbol: context === null ? null : contextSymbol,
        contextBarsDigest: context === null ? null : await evidence.keep(context, metadata),
        policyVersion: currentRegimePolicy.version,
        codeDigest,
      };
      return { ok: true, value: { event, bars, ...(await record(event, metadata)) } };
    },
  };
};

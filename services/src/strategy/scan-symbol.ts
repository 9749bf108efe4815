import type { EventMetadata, NewId, Outcome, SignalId } from '@sentinel/contracts/kernel';
import {
  type MarketData,
  MarketDataUnavailable,
  type Ticker,
  type Timeframe,
} from '@sentinel/contracts/market';
import type { Condition, Judged, Signal } from '@sentinel/contracts/strategy';
import { dailyFigures, type EvidenceLocker } from '../market/index.ts';
import type { EvaluatedRegime, RegimeEvaluator } from '../regime/index.ts';
import { evaluateStrategy, type StrategyDefinition } from './strategy.ts';

/** What one strategy says of one symbol. */
export type ScannedSymbol =
  | {
      readonly kind: 'signal';
      readonly signal: Signal;
      readonly regime: EvaluatedRegime;
      readonly judged: Judged;
    }
  | {
      readonly kind: 'none';
      readonly symbol: Ticker;
      /** Conditions that were not met. */
      readonly failed: Condition[];
      /** Why it could not be judged at all. */
      readonly problem: string | null;
      /** Null when it could not be judged. */
      readonly judged: Judged | null;
    };

export type SymbolScanOptions = {
  readonly market: Pick<MarketData, 'bars'>;
  readonly regime: RegimeEvaluator;
  readonly evidence: EvidenceLocker;
  readonly newId: NewId;
};

export type SymbolScan = {
  /** Puts one strategy to the symbol. @throws MarketDataUnavailable, and what the event store throws */
  readonly evaluate: (definition: StrategyDefinition) => Promise<Outcome<EvaluatedStrategy>>;
};

export type EvaluatedStrategy = {
  /** Null when a condition was not met. */
  readonly signal: Signal | null;
  readonly conditions: readonly Condition[];
  readonly regime: EvaluatedRegime;
  /** What the strategy was put to. */
  readonly judged: Judged;
};

/** Days of which the average volume is taken. */
const volumeDays = 20;

const once = <Value>(ask: () => Promise<Value>): (() => Promise<Value>) => {
  let asked: Promise<Value> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
};

/**
 * One symbol before the strategies. Each timeframe's bars are fetched once, and their regime is
 * classified and recorded once, however many strategies look at them; every strategy is put to the
 * very bars of its own regime.
 */
export const symbolScan = (
  { market, regime, evidence, newId }: SymbolScanOptions,
  symbol: Ticker,
  over: { readonly definitions: readonly StrategyDefinition[]; readonly metadata: EventMetadata },
): SymbolScan => {
  const timeframes = new Map<Timeframe, () => Promise<Outcome<EvaluatedRegime>>>();
  for (const { timeframe } of over.definitions) {
    const sharing = over.definitions.filter((one) => one.timeframe === timeframe);
    const historyBars = Math.max(...sharing.map((one) => one.historyBars));
    const evaluate = () =>
      regime.evaluate({ symbol, timeframe, historyBars, withModel: false }, over.metadata);
    timeframes.set(timeframe, once(evaluate));
  }
  const regimeOn = (timeframe: Timeframe) => {
    const evaluate = timeframes.get(timeframe);
    if (evaluate === undefined) throw new RangeError(`no strategy was announced on ${timeframe}`);
    return evaluate();
  };

  const averageDailyVolume = once(async (): Promise<Judged['averageDailyVolume']> => {
    const daily = timeframes.has('1Day') ? await regimeOn('1Day') : undefined;
    const bars = daily?.ok
      ? daily.value.bars
      : await market.bars(symbol, { timeframe: '1Day', limit: volumeDays });
    const value = dailyFigures(bars).averageDailyVolume;
    return value === null ? null : { value, barsDigest: await evidence.keep(bars, over.metadata) };
  });

  return {
    evaluate: async (definition) => {
      const { id, timeframe, needsDailyVolume } = definition;
      const evaluated = await regimeOn(timeframe);
      if (!evaluated.ok) return evaluated;
      const { bars, event, eventId } = evaluated.value;
      const volume = needsDailyVolume ? await averageDailyVolume() : null;
      const judged = { regimeEventId: eventId, averageDailyVolume: volume };
      const { draft, conditions } = evaluateStrategy(definition, {
        bars,
        classification: event.classification,
        averageDailyVolume: volume?.value ?? null,
      });
      const signal = draft && {
        signalId: newId() as SignalId,
        strategyId: id,
        symbol,
        timeframe,
        ...draft,
        conditions: [...conditions],
        barsDigest: event.barsDigest,
      };
      return { ok: true, value: { signal, conditions, regime: evaluated.value, judged } };
    },
  };
};

const unjudged = (symbol: Ticker, problem: string): ScannedSymbol => ({
  kind: 'none',
  symbol,
  failed: [],
  problem,
  judged: null,
});

/**
 * What a strategy says of the symbol in a scan: a provider that cannot answer for one symbol does not
 * spoil the others.
 */
export const scanSymbol = async (
  scan: SymbolScan,
  definition: StrategyDefinition,
  symbol: Ticker,
): Promise<ScannedSymbol> => {
  try {
    const evaluated = await scan.evaluate(definition);
    if (!evaluated.ok) return unjudged(symbol, evaluated.refusal.message);
    const { signal, conditions, regime, judged } = evaluated.value;
    if (signal !== null) return { kind: 'signal', signal, regime, judged };
    const failed = conditions.filter(({ met }) => !met);
    return { kind: 'none', symbol, failed, problem: null, judged };
  } catch (error) {
    if (error instanceof MarketDataUnavailable) return unjudged(symbol, error.message);
    throw error;
  }
};

import type { EventMetadata, NewId, SignalId } from '@sentinel/contracts/kernel';
import { MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import type { Condition, Signal } from '@sentinel/contracts/strategy';
import type { EvaluatedRegime, RegimeEvaluator } from '../regime/index.ts';
import type { StrategyDefinition } from './strategy.ts';

/** What one strategy says of one symbol. */
export type ScannedSymbol =
  | { readonly kind: 'signal'; readonly signal: Signal; readonly regime: EvaluatedRegime }
  | {
      readonly kind: 'none';
      readonly symbol: Ticker;
      /** Conditions that were not met. */
      readonly failed: Condition[];
      /** Why it could not be judged at all. */
      readonly problem: string | null;
    };

const unjudged = (symbol: Ticker, problem: string): ScannedSymbol => ({
  kind: 'none',
  symbol,
  failed: [],
  problem,
});

/**
 * Classifies the symbol's regime, which is recorded, and puts the strategy to the very bars of it. A
 * provider that cannot answer for one symbol does not spoil the others.
 */
export const scanSymbol = async (
  options: { readonly regime: RegimeEvaluator; readonly newId: NewId },
  wanted: { readonly definition: StrategyDefinition; readonly symbol: Ticker },
  metadata: EventMetadata,
): Promise<ScannedSymbol> => {
  const { definition, symbol } = wanted;
  const { timeframe, historyBars } = definition;
  try {
    const asked = { symbol, timeframe, historyBars, withModel: false };
    const regime = await options.regime.evaluate(asked, metadata);
    if (!regime.ok) return unjudged(symbol, regime.refusal.message);
    const { bars, event } = regime.value;
    const { draft, conditions } = definition.evaluate(bars, event.classification);
    if (draft === null) {
      const failed = conditions.filter(({ met }) => !met);
      return { kind: 'none', symbol, failed, problem: null };
    }
    const signal: Signal = {
      signalId: options.newId() as SignalId,
      strategyId: definition.id,
      symbol,
      timeframe,
      ...draft,
      conditions: [...conditions],
      barsDigest: event.barsDigest,
    };
    return { kind: 'signal', signal, regime: regime.value };
  } catch (error) {
    if (error instanceof MarketDataUnavailable) return unjudged(symbol, error.message);
    throw error;
  }
};

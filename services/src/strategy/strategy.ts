import type { Price } from '@sentinel/contracts/kernel';
import type { BarSeries, Timeframe } from '@sentinel/contracts/market';
import type { Classification } from '@sentinel/contracts/regime';
import type { Signal } from '@sentinel/contracts/strategy';
import type { StrategyFamily } from '../regime/index.ts';

/** A signal before it has an id and stands in the log. */
export type SignalDraft = Pick<
  Signal,
  'side' | 'confidence' | 'entry' | 'stop' | 'target' | 'maxHoldBars' | 'indicators'
>;

/** What a strategy found: every condition as it stood, and a draft when all were met. */
export type StrategyFinding = {
  readonly conditions: Signal['conditions'];
  readonly draft: SignalDraft | null;
};

/** A strategy as code: what it is called, what it needs, and its pure rule. */
export type StrategyDefinition = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly family: StrategyFamily;
  readonly timeframe: Timeframe;
  /** Completed bars to look at: enough for the regime's slowest figure. */
  readonly historyBars: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly evaluate: (bars: BarSeries, classification: Classification) => StrategyFinding;
};

/** Reward over risk of a trade; entry and stop must differ. */
export const rewardToRisk = (trade: {
  readonly entry: Price;
  readonly stop: Price;
  readonly target: Price;
}): number => Math.abs(Number(trade.target - trade.entry) / Number(trade.entry - trade.stop));

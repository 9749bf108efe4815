import type { Price, Quantity } from '@sentinel/contracts/kernel';
import type { BarSeries, Timeframe } from '@sentinel/contracts/market';
import type { Classification } from '@sentinel/contracts/regime';
import type { Signal } from '@sentinel/contracts/strategy';
import type { StrategyFamily } from '../regime/index.ts';
import { type SessionClock, sessionClock } from './session-clock.ts';

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

/** All that a rule may look at. */
export type StrategyInput = {
  /** Completed bars in the strategy's own timeframe. */
  readonly bars: BarSeries;
  /** The regime of those very bars. */
  readonly classification: Classification;
  /** Where each of the bars lies in its trading day. */
  readonly clock: SessionClock;
  /** Of the last 20 completed days; null with fewer, and where the definition does not ask for it. */
  readonly averageDailyVolume: Quantity | null;
};

/** Parameters of the names of `Defaults`, each free to have another value. */
export type ParametersOf<Defaults> = { readonly [Name in keyof Defaults]: number };

/** A strategy as code: what it is called, what it needs, and its pure rule. */
export type StrategyDefinition = {
  readonly id: string;
  /** Recorded with whatever it finds. Another rule, or other parameters, have another version. */
  readonly policyVersion: string;
  readonly name: string;
  readonly description: string;
  readonly family: StrategyFamily;
  readonly timeframe: Timeframe;
  /** Completed bars to look at: enough for the regime's slowest figure. */
  readonly historyBars: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** Whether the rule asks for the average daily volume, which its own bars may not tell. */
  readonly needsDailyVolume: boolean;
  /** The rule, by its own parameters unless others of the same names are given. */
  readonly evaluate: (
    input: StrategyInput,
    parameters?: StrategyDefinition['parameters'],
  ) => StrategyFinding;
};

/** Puts a strategy to what was recorded, or is about to be: nothing else goes into what it finds. */
export const evaluateStrategy = (
  { evaluate, parameters }: StrategyDefinition,
  input: Omit<StrategyInput, 'clock'>,
): StrategyFinding => evaluate({ ...input, clock: sessionClock(input.bars.start) }, parameters);

/** Reward over risk of a trade; entry and stop must differ. */
export const rewardToRisk = (trade: {
  readonly entry: Price;
  readonly stop: Price;
  readonly target: Price;
}): number => Math.abs(Number(trade.target - trade.entry) / Number(trade.entry - trade.stop));

import type { DriftReport, PromotionTarget } from '@sentinel/contracts/governance';
import {
  type BacktestId,
  type EventStore,
  isBefore,
  type LogPosition,
} from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import type { StrategyBook } from './book.ts';
import type { GatheredEvidence, Tried } from './lifecycle/commands.ts';
import { driftOf, driftTrades } from './lifecycle/drift.ts';
import { requirementsOf } from './lifecycle/requirements.ts';
import type { Lifecycle } from './lifecycle/state.ts';
import type { ForwardEvidence } from './record/forward.ts';
import { varianceOf } from './statistics/summaries.ts';

/** A backtest or walk forward that was recorded, with whatever parameters. */
export type TriedRun = {
  readonly run: BacktestId;
  /** Configurations tried in it. */
  readonly trials: number;
  /** Of daily returns; null where it was not kept. */
  readonly sharpe: number | null;
};

/** Which strategies there are, and what was tried of them, as an index of the log tells it. */
export type StrategyIndex = {
  /** Every strategy of a type, with what stood in the log up to `atLeast`. @throws ReadStoreUnavailable, ViewParked */
  readonly ofType: (type: string, atLeast: LogPosition) => Promise<readonly string[]>;
  /** The strategy whose promotion the request asks for. */
  readonly ofRequest: (requestId: string, atLeast: LogPosition) => Promise<string | undefined>;
  /** Every run of a strategy. */
  readonly runsOf: (strategyId: string, atLeast: LogPosition) => Promise<readonly TriedRun[]>;
};

/** Trades of more than a year are of another market. */
const driftWindowDays = 400;

const nothingTried: Tried = { trials: 0, variance: null };

export type EvidenceOptions = {
  readonly book: StrategyBook;
  readonly index: StrategyIndex;
  readonly forward: ForwardEvidence;
  readonly eventStore: Pick<EventStore, 'lastPosition'>;
  /** The market's clock. */
  readonly marketNow: () => Temporal.Instant;
};

export type EvidenceGathering = {
  /** Measures what a promotion asks for. @throws what a store throws: unread evidence is none */
  readonly gather: (
    strategy: Lifecycle,
    target: Exclude<PromotionTarget, 'retired'>,
  ) => Promise<GatheredEvidence>;
  readonly drift: (
    strategy: Lifecycle,
  ) => Promise<{ readonly report: DriftReport; readonly asOf: LogPosition }>;
};

export const evidenceGathering = (options: EvidenceOptions): EvidenceGathering => {
  const { book, index, forward, eventStore, marketNow } = options;

  /** What comes after the present state began; a suspension does not interrupt it. */
  const sinceOf = ({ entered, since, state, before }: Lifecycle, of?: StrategyState) =>
    entered.get(of ?? before ?? state) ?? since;

  const drift: EvidenceGathering['drift'] = async (strategy) => {
    const { resumedAt, registered } = strategy;
    const since = sinceOf(strategy, 'paper');
    const window = {
      strategyId: registered.strategyId,
      since: resumedAt !== null && isBefore(since, resumedAt) ? resumedAt : since,
      now: marketNow(),
      windowDays: driftWindowDays,
    };
    const { trades, asOf } = await forward.lastTrades(window, driftTrades);
    return { report: driftOf(trades), asOf };
  };

  /**
   * What was tried of the type beside the backtests that stand in the strategy's own stream: other parameters
   * of it, walks forward, and all that was tried of its siblings.
   */
  const triedElsewhere = async ({ registered, runs }: Lifecycle): Promise<Tried> => {
    const asOf = await eventStore.lastPosition();
    const sharpes: number[] = [];
    let trials = 0;
    for (const id of await index.ofType(registered.type, asOf)) {
      const tried = await index.runsOf(id, asOf);
      sharpes.push(...tried.flatMap(({ sharpe }) => sharpe ?? []));
      const isOwn = id === registered.strategyId;
      const counted = tried.filter(({ run }) => !isOwn || !runs.has(run));
      const recorded = counted.reduce((sum, each) => sum + each.trials, 0);
      const { state } = await book.refresh(id);
      const kept = isOwn || state.phase === 'unknown' ? 0 : state.trials;
      trials += Math.max(recorded, kept);
    }
    return { trials, variance: varianceOf(sharpes) };
  };

  return {
    drift,
    gather: async (strategy, target) => {
      const asked = requirementsOf(strategy.state, target);
      const { record, driftSignals, backtest } = asked;
      return {
        tried: backtest === undefined ? nothingTried : await triedElsewhere(strategy),
        record:
          record === undefined
            ? null
            : await forward.measure({
                strategyId: strategy.registered.strategyId,
                since: sinceOf(strategy),
                now: marketNow(),
                windowDays: record.windowDays,
              }),
        drift: driftSignals === undefined ? null : (await drift(strategy)).report,
      };
    },
  };
};

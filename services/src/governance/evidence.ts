import type { DriftReport, PromotionTarget } from '@sentinel/contracts/governance';
import { type EventStore, isBefore, type LogPosition } from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import type { StrategyBook } from './book.ts';
import type { GatheredEvidence } from './lifecycle/commands.ts';
import { driftOf } from './lifecycle/drift.ts';
import { requirementsOf } from './lifecycle/requirements.ts';
import type { Lifecycle } from './lifecycle/state.ts';
import type { ForwardEvidence } from './record/forward.ts';

/** Which strategies there are, as an index of the log tells it. */
export type StrategyIndex = {
  /** Every strategy of a type, with what stood in the log up to `atLeast`. @throws ReadStoreUnavailable, ViewParked */
  readonly ofType: (type: string, atLeast: LogPosition) => Promise<readonly string[]>;
  /** The strategy whose promotion the request asks for. */
  readonly ofRequest: (requestId: string, atLeast: LogPosition) => Promise<string | undefined>;
};

/** Trades of more than a year are of another market. */
const driftWindowDays = 400;

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
    const { trades, asOf } = await forward.trades({
      strategyId: registered.strategyId,
      since: resumedAt !== null && isBefore(since, resumedAt) ? resumedAt : since,
      now: marketNow(),
      windowDays: driftWindowDays,
    });
    return { report: driftOf(trades), asOf };
  };

  const trialsOfOthers = async ({ registered }: Lifecycle): Promise<number> => {
    const all = await index.ofType(registered.type, await eventStore.lastPosition());
    let trials = 0;
    for (const id of all.filter((each) => each !== registered.strategyId)) {
      const { state } = await book.refresh(id);
      if (state.phase === 'registered') trials += state.trials;
    }
    return trials;
  };

  return {
    drift,
    gather: async (strategy, target) => {
      const asked = requirementsOf(strategy.state, target);
      const { record, driftSignals, backtest } = asked;
      return {
        trialsOfOthers: backtest === undefined ? 0 : await trialsOfOthers(strategy),
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

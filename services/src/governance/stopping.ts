import type { DriftReport } from '@sentinel/contracts/governance';
import type {
  EventMetadata,
  HaltId,
  LogPosition,
  NewId,
  Outcome,
} from '@sentinel/contracts/kernel';
import { type Control, type ControlChanges, suspensionDanger } from '../risk/index.ts';
import type { StrategyBook } from './book.ts';
import type { Lifecycle } from './lifecycle/state.ts';

export type StoppingOptions = {
  readonly book: StrategyBook;
  readonly control: Pick<Control, 'refresh'>;
  readonly changes: Pick<ControlChanges, 'engage' | 'change'>;
  readonly newId: NewId;
  /** The market's clock, and the wall's. */
  readonly marketNow: () => Temporal.Instant;
  readonly now: () => Temporal.Instant;
};

export type Stop = {
  readonly type: 'Suspend' | 'Retire';
  readonly strategyId: string;
  readonly reason: string;
  readonly drift?: DriftReport;
  /** Derived from its cause where a workflow stops; a fresh one otherwise. */
  readonly haltId?: string;
};

export type Stopped = {
  readonly strategy: Lifecycle;
  /** False when it was stopped already. */
  readonly isNew: boolean;
  readonly logPosition: LogPosition;
};

/** Suspends and retires, in force in every session before it answers, and lets go again. */
export type Stopping = {
  readonly stop: (wanted: Stop, metadata: EventMetadata) => Promise<Outcome<Stopped>>;
  /**
   * Brings the halts in line with where a strategy stands: also after a process died between the two.
   * A stopped strategy is halted, and one that was reinstated is halted by that no more.
   */
  readonly align: (
    strategy: Lifecycle,
    metadata: EventMetadata,
  ) => Promise<LogPosition | undefined>;
};

const later = (a: LogPosition, b: LogPosition | undefined): LogPosition =>
  b !== undefined && b > a ? b : a;

export const stopping = (options: StoppingOptions): Stopping => {
  const { book, control, changes, newId, marketNow, now } = options;

  const halted = async (strategy: Lifecycle, metadata: EventMetadata) => {
    const { haltId, ended, registered } = strategy;
    if (haltId === null || ended === null) return undefined;
    const outcome = await changes.engage(
      {
        ...({ haltId, scope: 'strategy', target: registered.strategyId } as const),
        reason: ended.reason,
        engagedBy: ended.by,
        engagedAt: now(),
        danger: suspensionDanger,
      },
      metadata,
    );
    if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
    return outcome.value.logPosition;
  };

  const align: Stopping['align'] = async (strategy, metadata) => {
    const { reinstated } = strategy;
    if (strategy.haltId !== null) return halted(strategy, metadata);
    if (reinstated === null) return undefined;
    const { halts } = await control.refresh();
    if (!halts.some(({ haltId }) => haltId === reinstated.haltId)) return undefined;
    const { haltId, requestId, releasedBy } = reinstated;
    const outcome = await changes.change(
      { type: 'ReleaseSuspension', haltId, requestId, releasedBy, at: now() },
      metadata,
    );
    if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
    return outcome.value.logPosition;
  };

  return {
    align,
    stop: async ({ type, strategyId, reason, drift = null, haltId }, metadata) => {
      const stop = {
        ...{ reason, by: metadata.principal, at: marketNow() },
        haltId: (haltId ?? newId()) as HaltId,
      };
      const command = type === 'Suspend' ? ({ type, ...stop, drift } as const) : { type, ...stop };
      const outcome = await book.execute(strategyId, command, metadata);
      if (!outcome.ok) return outcome;
      const { state, events, logPosition } = outcome.value;
      if (state.phase === 'unknown') throw new Error(`${strategyId} was stopped and is not known`);
      const halt = await halted(state, metadata);
      return {
        ok: true,
        value: {
          strategy: state,
          isNew: events.length > 0,
          logPosition: later(logPosition ?? (0n as LogPosition), halt),
        },
      };
    },
  };
};

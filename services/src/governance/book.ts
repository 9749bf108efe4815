import { lifecycleEvents } from '@sentinel/contracts/governance';
import type { Digest, EventMetadata, EventStore, NewId, Outcome } from '@sentinel/contracts/kernel';
import { aggregate, type Executed, type Fence, type Folded } from '../kernel/index.ts';
import { isStrategyId } from '../strategy/index.ts';
import type { LifecycleCommand, LifecycleRefusal } from './lifecycle/commands.ts';
import { lifecycleDecider, unknownStrategy } from './lifecycle/decider.ts';
import { type LifecycleEvent, type LifecycleState, strategyStream } from './lifecycle/state.ts';

export type LifecycleOutcome = Outcome<Executed<LifecycleState, LifecycleEvent>, LifecycleRefusal>;

/** The streams of all strategies. */
export type StrategyBook = {
  /** With everything that any process had appended; `unknown` where there is no such strategy. */
  readonly refresh: (strategyId: string) => Promise<Folded<LifecycleState>>;
  readonly execute: (
    strategyId: string,
    command: LifecycleCommand,
    metadata: EventMetadata,
  ) => Promise<LifecycleOutcome>;
  /** The same for one who may lose the right to send commands. */
  readonly under: (fence: Fence) => StrategyBook;
};

const nobody: Folded<LifecycleState> = {
  state: { phase: 'unknown' },
  version: undefined,
  logPosition: undefined,
};

export const strategyBook = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
}): StrategyBook => {
  const decider = lifecycleDecider(options.digest);
  const streams = aggregate({
    ...options,
    definitions: lifecycleEvents,
    decider,
    isUrgent: ({ type }: LifecycleCommand) => type === 'Suspend' || type === 'Retire',
  });
  const over = ({
    refresh,
    execute,
  }: Pick<typeof streams, 'refresh' | 'execute'>): StrategyBook => ({
    refresh: async (strategyId) =>
      isStrategyId(strategyId) ? refresh(strategyStream(strategyId)) : nobody,
    // A name that no stream can have is that of no strategy, whatever is asked of it.
    execute: async (strategyId, command, metadata) =>
      isStrategyId(strategyId)
        ? execute(strategyStream(strategyId), command, metadata)
        : unknownStrategy,
    under: (fence) => over(streams.under(fence)),
  });
  return over(streams);
};

import type { EventMetadata, EventStore } from '@sentinel/contracts/kernel';
import { type StrategyDefinition, strategies } from '../strategy/index.ts';
import type { StrategyBook } from './book.ts';
import { strategyStream } from './lifecycle/state.ts';

/**
 * Registers each strategy that the house brings with it, in state `paper`, where the log does not know
 * it yet. Repeating it, also from two processes at once, changes nothing.
 */
export const registerStrategies = async (options: {
  readonly book: StrategyBook;
  readonly eventStore: Pick<EventStore, 'readStream'>;
  /** The market's clock. */
  readonly at: Temporal.Instant;
  readonly metadata: EventMetadata;
}): Promise<void> => {
  const { book, eventStore, at, metadata } = options;
  for (const definition of Object.values<StrategyDefinition>(strategies)) {
    // Whatever stands there already is left alone: a stream that cannot be read stops no start.
    const known = await eventStore.readStream(strategyStream(definition.id), { maxCount: 1 });
    if (known.length > 0) continue;
    const { id, policyVersion, name, description, timeframe, parameters } = definition;
    const strategy = {
      ...{ strategyId: id, name, description, type: id, policyVersion, timeframe },
      ...({ parameters: { ...parameters }, state: 'paper', by: metadata.principal, at } as const),
      reason: 'comes with the house, to be tried on paper from the first start',
    };
    const outcome = await book.execute(
      id,
      { type: 'Register', strategy, unlessKnown: true },
      metadata,
    );
    if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  }
};

import {
  decodeEvent,
  type EventId,
  type EventMetadata,
  type EventStore,
  encodeEvent,
  type NewId,
  streamName,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import { type StrategyState, strategyEvents } from '@sentinel/contracts/strategy';
import { strategies } from './registry.ts';

/** A strategy's state, with the event that gave it. */
export type StrategyStanding = { readonly state: StrategyState; readonly eventId: EventId };

const streamOf = (strategyId: string) => streamName('strategy', strategyId);
const wellFormed = /^[A-Za-z0-9_.-]{1,100}$/;

/** Looks a strategy's state up in the log; undefined when nobody registered it. */
export const strategyFinder =
  (eventStore: EventStore) =>
  async (strategyId: string): Promise<StrategyStanding | undefined> => {
    if (!wellFormed.test(strategyId)) return undefined;
    const recorded = await eventStore.readStream(streamOf(strategyId));
    return recorded.reduce<StrategyStanding | undefined>(
      (_, stored) => ({
        state: decodeEvent(strategyEvents, stored).data.state,
        eventId: stored.id,
      }),
      undefined,
    );
  };

/**
 * Registers every strategy that the log does not know yet, in state `paper`. Repeating it, also from
 * two processes at once, changes nothing.
 */
export const registerStrategies = async (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly now: () => Temporal.Instant;
  readonly metadata: EventMetadata;
}): Promise<void> => {
  const { eventStore, newId, now, metadata } = options;
  for (const definition of Object.values(strategies)) {
    const stream = streamOf(definition.id);
    if ((await eventStore.readStream(stream, { maxCount: 1 })).length > 0) continue;
    const { id: strategyId, name, description, timeframe, parameters } = definition;
    const encoded = encodeEvent(strategyEvents, {
      type: 'StrategyRegistered',
      data: { strategyId, name, description, timeframe, parameters, state: 'paper', at: now() },
    });
    try {
      await eventStore.appendToStream(
        stream,
        [{ id: newId() as EventId, ...encoded, metadata }],
        'no-stream',
      );
    } catch (error) {
      // Another process registered it between the look and the append.
      if (!(error instanceof WrongExpectedVersion)) throw error;
    }
  }
};

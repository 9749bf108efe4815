import { lifecycleEvents } from '@sentinel/contracts/governance';
import {
  boundedCache,
  type Digest,
  decodeEvent,
  type EventId,
  type EventStore,
  EventStoreCorrupt,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { readPages } from '../kernel/index.ts';
import { isStrategyId } from '../strategy/index.ts';
import { evolveLifecycle, type LifecycleState, strategyStream } from './lifecycle/state.ts';

/** A strategy's state, with the event that gave it. */
export type StrategyStanding = { readonly state: StrategyState; readonly eventId: EventId };

const cachedStrategies = 500;

type Read = {
  readonly state: LifecycleState;
  readonly eventId: EventId | undefined;
  readonly next: StreamVersion;
};
const nothing: Read = {
  state: { phase: 'unknown' },
  eventId: undefined,
  next: 0n as StreamVersion,
};

const stateOf = (of: LifecycleState): StrategyState | undefined =>
  of.phase === 'unknown' ? undefined : of.state;

/**
 * Looks up where a strategy stands, with everything that is appended; undefined when nobody registered
 * it, and when its stream holds what this program cannot read: then nothing is known of it, which blocks
 * new risk and lets exits pass. @throws EventStoreUnavailable
 */
export const strategyFinder = (
  eventStore: Pick<EventStore, 'readStream'>,
  digest: Digest,
): ((strategyId: string) => Promise<StrategyStanding | undefined>) => {
  const known = boundedCache<string, Read>(cachedStrategies);
  const evolve = evolveLifecycle(digest);

  const read = async (strategyId: string): Promise<Read> => {
    let { state, eventId, next } = known.get(strategyId) ?? nothing;
    for await (const page of readPages(eventStore, strategyStream(strategyId), next))
      for (const recorded of page) {
        const moved = evolve(state, decodeEvent(lifecycleEvents, recorded));
        if (stateOf(moved) !== stateOf(state)) eventId = recorded.id;
        state = moved;
        next = (recorded.version + 1n) as StreamVersion;
      }
    const found = { state, eventId, next };
    known.set(strategyId, found);
    return found;
  };

  return async (strategyId) => {
    if (!isStrategyId(strategyId)) return undefined;
    try {
      const { state, eventId } = await read(strategyId);
      return state.phase === 'unknown' || eventId === undefined
        ? undefined
        : { state: state.state, eventId };
    } catch (error) {
      if (error instanceof EventStoreCorrupt) return undefined;
      throw error;
    }
  };
};

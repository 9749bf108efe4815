import {
  boundedCache,
  canonicalJson,
  type Digest,
  decodeEvent,
  type EventStore,
  EventStoreCorrupt,
  type RecordedEvent,
  type Sha256,
  streamName,
} from '@sentinel/contracts/kernel';
import { strategyEvents } from '@sentinel/contracts/strategy';
import { strategies, strategyPolicyOf } from './registry.ts';
import type { StrategyDefinition } from './strategy.ts';

const cachedInstances = 500;
const wellFormed = /^[A-Za-z0-9_.-]{1,100}$/;

export const isStrategyId = (id: string): boolean => wellFormed.test(id);

/** What a registration says of what the strategy is. */
export type Registration = {
  readonly strategyId: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly policyVersion: string | null;
  readonly parameters: Readonly<Record<string, number>>;
};

const types: ReadonlyMap<string, StrategyDefinition> = new Map(Object.entries(strategies));

/** The type of this name, as it is today. */
export const strategyType = (type: string): StrategyDefinition | undefined => types.get(type);
export const strategyTypes: readonly string[] = [...types.keys()];

/**
 * The rule by which a registered strategy judges, with its own parameters: the version that was
 * recorded with it, whatever came since. Undefined for a rule of a newer Sentinel.
 */
export const definitionOf = (registration: Registration): StrategyDefinition | undefined => {
  const { strategyId: id, name, description, type, policyVersion, parameters } = registration;
  // Before registrations named a rule there was one of each type.
  const rule = strategyPolicyOf(policyVersion ?? firstRules[type] ?? '');
  return rule && { ...rule, id, name, description, parameters };
};

/** The rules of the strategies that were registered before a registration named its rule. */
const firstRules: Readonly<Record<string, string>> = {
  momentum_v1: 'momentum-1',
  vwap_reclaim_v1: 'vwap-reclaim-1',
  ema_trend_v1: 'ema-trend-1',
  rsi_mean_reversion_v1: 'rsi-mean-reversion-1',
  atr_swing_v1: 'atr-swing-1',
  orb_v1: 'orb-1',
};

/** What a backtest tries and a promotion freezes: rule, timeframe and every parameter. */
export const configurationDigest = (
  {
    policyVersion,
    timeframe,
    parameters,
  }: Pick<StrategyDefinition, 'policyVersion' | 'timeframe' | 'parameters'>,
  digest: Digest,
): Sha256 => digest(canonicalJson({ policyVersion, timeframe, parameters: { ...parameters } }));

/** Finds a strategy by its id; undefined when nobody registered it or its rule is not known. */
export type FindInstance = (strategyId: string) => Promise<StrategyDefinition | undefined>;

/** Undefined where a stream begins with what this program cannot read: an order must not fail of it. */
const readable = (first: RecordedEvent): StrategyDefinition | undefined => {
  try {
    return definitionOf(decodeEvent(strategyEvents, first).data);
  } catch (error) {
    if (error instanceof EventStoreCorrupt) return undefined;
    throw error;
  }
};

/**
 * Reads the event with which a strategy's stream begins, once: it never changes. What the house brings
 * with it is found without one too.
 */
export const instanceFinder = (eventStore: Pick<EventStore, 'readStream'>): FindInstance => {
  const known = boundedCache<string, StrategyDefinition>(cachedInstances);
  return async (strategyId) => {
    const cached = known.get(strategyId);
    if (cached !== undefined) return cached;
    if (!wellFormed.test(strategyId)) return undefined;
    const [first] = await eventStore.readStream(streamName('strategy', strategyId), {
      maxCount: 1,
    });
    if (first === undefined) return types.get(strategyId);
    const definition = readable(first);
    if (definition !== undefined) known.set(strategyId, definition);
    return definition;
  };
};

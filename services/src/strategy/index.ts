export { strategyHandlers } from './handlers.ts';
export {
  configurationDigest,
  definitionOf,
  type FindInstance,
  instanceFinder,
  isStrategyId,
  strategyType,
  strategyTypes,
} from './instances.ts';
export { nearest, parametersFor } from './parameters.ts';
export { strategies, strategyPolicyOf } from './registry.ts';
export { sessionClock } from './session-clock.ts';
export { type SignalFinderOptions, signalFinder } from './signal-finder.ts';
export { evaluateStrategy, type StrategyDefinition } from './strategy.ts';

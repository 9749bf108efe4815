export { strategyHandlers } from './handlers.ts';
export { registerStrategies, type StrategyStanding, strategyFinder } from './registration.ts';
export { strategies, strategyPolicyOf } from './registry.ts';
export { sessionClock } from './session-clock.ts';
export { type SignalFinderOptions, signalFinder } from './signal-finder.ts';
export { evaluateStrategy, type StrategyDefinition } from './strategy.ts';

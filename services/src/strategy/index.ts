export { strategyHandlers } from './handlers.ts';
export { registerStrategies, type StrategyStanding, strategyFinder } from './registration.ts';
export { strategies } from './registry.ts';
export { signalFinder } from './signal-finder.ts';

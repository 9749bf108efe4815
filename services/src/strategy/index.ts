export { strategyHandlers } from './handlers.ts';
export { registerStrategies, type StrategyStanding, strategyFinder } from './registration.ts';
export { strategies } from './registry.ts';
export { sessionClock } from './session-clock.ts';
export { signalFinder } from './signal-finder.ts';

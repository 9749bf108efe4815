export { type StrategyRow, strategies, strategyQueryHandlers } from './strategies.ts';

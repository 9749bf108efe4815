export { unknownStrategy } from './known.ts';
export { type StrategyRow, strategies, strategyQueryHandlers } from './strategies.ts';

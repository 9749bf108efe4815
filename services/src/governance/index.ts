export type { StrategyIndex } from './evidence.ts';
export { summaryOfTrades } from './record/forward.ts';
export { type Governance, governanceRoom } from './room.ts';
export { type StrategyStanding, strategyFinder } from './standing.ts';
export { maxDrawdownOf, summaryOfReturns } from './statistics/summaries.ts';

export type { StrategyIndex } from './evidence.ts';
export { StillReading } from './record/account-records.ts';
export { summaryOfTrades } from './record/forward.ts';
export { type Governance, governanceRoom } from './room.ts';
export { type StrategyStanding, strategyFinder } from './standing.ts';
export { maxDrawdownOf, summaryOfReturns } from './statistics/summaries.ts';

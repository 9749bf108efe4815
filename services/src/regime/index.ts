export { classify, leastTradeability } from './classify.ts';
export { type StrategyFamily, strategyFamilies } from './compatibility.ts';
export { type EvaluatedRegime, type RegimeEvaluator, regimeEvaluator } from './evaluator.ts';
export { regimeHandlers, regimeHistoryBars } from './handlers.ts';
export type { RegimeInput } from './measure.ts';
export { currentRegimePolicy, type RegimePolicy, regimePolicyOf } from './policies.ts';

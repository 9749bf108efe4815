export { classify, leastTradeability, regimePolicyVersion } from './classify.ts';
export { type StrategyFamily, strategyFamilies } from './compatibility.ts';
export { type EvaluatedRegime, type RegimeEvaluator, regimeEvaluator } from './evaluator.ts';
export { regimeHandlers, regimeHistoryBars } from './handlers.ts';
export type { RegimeInput } from './measure.ts';

export { governanceQueryHandlers } from './lifecycles.ts';
export { strategyIndex } from './strategy-index.ts';

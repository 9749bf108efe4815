export { strategies, strategyQueryHandlers } from './strategies.ts';

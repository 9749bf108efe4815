export { orders } from './orders.ts';
export { executionQueryHandlers } from './queries.ts';

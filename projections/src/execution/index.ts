export { executionQueryHandlers, orders } from './orders.ts';

export { orderCall } from './orders.ts';

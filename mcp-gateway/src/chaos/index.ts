export { place } from './callers.ts';
export { openLedger } from './ledger.ts';
export { orderCall } from './orders.ts';
export { verifyOrders } from './verify-log.ts';
export { verifySessions } from './verify-sessions.ts';

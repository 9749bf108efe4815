export { tradesBetween } from './between.ts';
export type { Trade, TradesRow } from './rows.ts';
export { netPnl } from './trade.ts';
export { trades } from './view.ts';

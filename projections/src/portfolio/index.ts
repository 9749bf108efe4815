export { type Account, accounts } from './account.ts';
export { type DailyBooks, dailyBooks, peakEquity } from './daily-books.ts';
export { outcomeHandlers } from './outcomes.ts';
export { portfolioQueryHandlers } from './queries.ts';
export { netPnl, type Trade, trades, tradesBetween } from './trades/index.ts';

export { watchlistQueryHandlers } from './queries.ts';
export { watchlist } from './watchlist.ts';

export { watchlist, watchlistQueryHandlers } from './watchlist.ts';

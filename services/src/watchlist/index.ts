export { type Watchlist, watchlistRoom } from './handlers.ts';

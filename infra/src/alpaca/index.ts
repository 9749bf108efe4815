export { type AlpacaOptions, alpacaMarketData } from './alpaca-market-data.ts';
export { type PastBars, type PastBarsWanted, pastBars } from './past-bars.ts';
export type { AlpacaFeed, AlpacaSettings } from './settings.ts';

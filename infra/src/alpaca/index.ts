export { type AlpacaOptions, alpacaMarketData } from './alpaca-market-data.ts';
export type { AlpacaFeed, AlpacaSettings } from './settings.ts';

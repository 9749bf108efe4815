export {
  type HistoricalOptions,
  historicalMarketData,
} from './historical/historical-market-data.ts';
export { mockMarketData } from './mock/mock-market-data.ts';

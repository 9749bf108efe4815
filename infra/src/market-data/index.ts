export { barHorizon, emptySeries } from './bar-request.ts';
export { type BarColumns, emptyColumns } from './historical/bar-columns.ts';
export { type BarFile, readBarFile } from './historical/bar-file.ts';
export { intradayTimeframe } from './historical/cadence.ts';
export {
  type ClockReading,
  clockReadings,
  exactHours,
  judgeClock,
  knownZones,
} from './historical/clock-proof.ts';
export type { Stored } from './historical/columns-store.ts';
export { dividendsFile, readDividends } from './historical/dividends.ts';
export { type Fault, UnfitBars } from './historical/faults.ts';
export {
  type HistoricalOptions,
  historicalMarketData,
} from './historical/historical-market-data.ts';
export { keepColumns } from './historical/load-bars.ts';
export { settleBars } from './historical/settle-bars.ts';
export {
  fitsSplit,
  readSplits,
  type Splits,
  splitsFile,
} from './historical/splits.ts';
export { mockMarketData } from './mock/mock-market-data.ts';

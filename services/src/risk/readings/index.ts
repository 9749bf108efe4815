export { type ReadingOptions, readingHandlers } from './handlers.ts';
export type { AccountReading, ReadAccount } from './reading.ts';

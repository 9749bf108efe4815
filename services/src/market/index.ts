export * from './correlation.ts';
export * from './daily-figures.ts';
export * from './evidence.ts';
export * from './handlers.ts';
export { ifAvailable } from './if-available.ts';
export * from './indicators/index.ts';
export { marketBars } from './market-bars.ts';
export { sharingQuotes } from './sharing-quotes.ts';
export * from './unknown-symbol.ts';

export * from './bars.ts';
export * from './market-data.ts';
export * from './mode.ts';
export * from './queries.ts';
export * from './quote.ts';
export * from './symbol.ts';
export * from './tools.ts';

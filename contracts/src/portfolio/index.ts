export * from './actions.ts';
export * from './buying-power.ts';
export * from './performance.ts';
export * from './position.ts';
export * from './queries.ts';
export * from './tools.ts';
export * from './valuation.ts';

export * from './correlation.ts';
export * from './daily-figures.ts';
export * from './evidence.ts';
export * from './handlers.ts';
export * from './indicators/index.ts';
export * from './unknown-symbol.ts';

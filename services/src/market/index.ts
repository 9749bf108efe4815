export * from './correlation.ts';
export * from './daily-figures.ts';
export * from './evidence.ts';

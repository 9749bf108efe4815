export * from './queries.ts';
export * from './tools.ts';

export * from './events.ts';
export * from './queries.ts';
export * from './tools.ts';

export * from './commands.ts';
export * from './criteria.ts';
export * from './drift.ts';
export * from './events.ts';
export * from './evidence.ts';
export * from './lifecycle.ts';
export * from './queries.ts';
export * from './tools.ts';

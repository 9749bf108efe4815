export * from './commands.ts';
export * from './entry.ts';
export * from './events.ts';
export * from './groups.ts';
export * from './queries.ts';
export * from './tools.ts';

export * from './classification.ts';
export * from './commands.ts';
export * from './events.ts';
export * from './queries.ts';
export * from './tools.ts';

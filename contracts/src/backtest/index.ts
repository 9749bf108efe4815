export * from './events.ts';
export * from './figures.ts';
export * from './messages.ts';
export * from './tools.ts';

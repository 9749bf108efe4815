export * from './commands.ts';
export * from './events.ts';
export * from './execution.ts';
export * from './order.ts';
export * from './order-states.ts';
export * from './queries.ts';
export * from './tools.ts';
export * from './views.ts';

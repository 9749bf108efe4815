export * from './events.ts';
export * from './grant.ts';
export * from './store.ts';

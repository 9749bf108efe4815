export * from './events.ts';
export * from './grant.ts';

/** The language of schemas, for floors that may reach nothing but this one: views declare their rows in it. */
export { z } from 'zod';
export * from './arguments.ts';
export * from './bounded-cache.ts';
export * from './context.ts';
export * from './decimal.ts';
export * from './encoder.ts';
export * from './event-store.ts';
export * from './ids.ts';
export * from './json.ts';
export * from './message.ts';
export * from './money.ts';
export * from './outcome.ts';
export * from './projection-store.ts';
export * from './read-store.ts';
export * from './time.ts';
export * from './timer.ts';
export * from './tool.ts';
export * from './workflow-store.ts';

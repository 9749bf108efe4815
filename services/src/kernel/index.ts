export * from './aggregate.ts';
export * from './bounded-cache.ts';
export * from './decider.ts';
export * from './folded.ts';
export * from './in-parallel.ts';
export * from './persistent-map.ts';
export * from './serially.ts';
export * from './specification.ts';

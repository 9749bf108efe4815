export { type CallLimits, callLimits, unlimited } from './call-limits.ts';
export { slowStrangers } from './slow-strangers.ts';
export { BatchTooLong, NotCounted, TooMany } from './too-many.ts';

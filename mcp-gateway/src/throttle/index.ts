export { type CountCalls, countCalls } from './count-calls.ts';
export { slowStrangers } from './slow-strangers.ts';
export { NotCounted, TooMany } from './too-many.ts';

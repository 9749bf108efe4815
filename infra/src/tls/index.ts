export type { Pair } from './check-pair.ts';
export { type KeptPair, keepPair, watchPair } from './keep-pair.ts';

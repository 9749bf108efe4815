export { isLocal } from './is-local.ts';
export { httpsAlone, isAtTheMachine, knownCallers } from './known-callers.ts';
export { loopbackOnly, type Reach, reachOf } from './reach.ts';

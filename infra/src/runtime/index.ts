export { systemClock } from './clock.ts';
export { codeDigest } from './code-digest.ts';
export { sha256 } from './digest.ts';
export { editDistance } from './edit-distance.ts';
export { monotonicIds, newId } from './ids.ts';
export type { Log } from './log.ts';
export { reasonOf } from './reason-of.ts';
export { StartupError, type StartupErrorCode } from './startup-error.ts';
export { systemTimer } from './timer.ts';

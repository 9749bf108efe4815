export * from './explain.ts';
export type { FindingAgain, FindingSources } from './finding-again.ts';
export type { SignalSources } from './judge-again.ts';
export { reExecute } from './re-execute.ts';
export { reExecuteRegime } from './re-execute-regime.ts';
export { reExecuteSignal } from './re-execute-signal.ts';
export { type ReplayOptions, replayHandlers } from './replay/handlers.ts';
export { replaySession } from './replay/replay-session.ts';
export { type ReplayInput, type ReplayOutput, replayTask } from './replay/replay-task.ts';

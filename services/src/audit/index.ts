export * from './explain.ts';
export { type ExportOptions, exportHandlers, readExport } from './export-events.ts';
export type { FindingAgain, FindingSources } from './finding-again.ts';
export type { SignalSources } from './judge-again.ts';
export { reExecute } from './re-execute.ts';
export { reExecuteRegime } from './re-execute-regime.ts';
export { reExecuteSignal } from './re-execute-signal.ts';

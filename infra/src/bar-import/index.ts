export { type ImportOptions, readOptions } from './options.ts';
export { type ImportResult, runImport } from './run-import.ts';

export * from './explain.ts';
export { reExecute } from './re-execute.ts';

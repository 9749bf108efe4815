export { memoryWorkflowStore } from './memory.ts';
export { postgresWorkflowStore } from './postgres.ts';

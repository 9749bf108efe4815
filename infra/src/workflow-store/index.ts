export { memoryWorkflowStore, type WorkflowRow } from './memory/memory-workflow-store.ts';
export { openPostgresWorkflowStore } from './postgres/postgres-workflow-store.ts';

import { describeWorkflowStore } from '../../contract-tests/workflow-store.ts';
import { memoryWorkflowStore, type WorkflowRow } from './memory-workflow-store.ts';

describeWorkflowStore('workflow store in memory', async () => {
  const rows = new Map<string, WorkflowRow>();
  return {
    open: () => memoryWorkflowStore({ nowMs: () => performance.now(), rows }),
    dispose: async () => rows.clear(),
  };
});

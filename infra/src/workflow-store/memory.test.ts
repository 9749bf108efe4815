import { describeWorkflowStore } from '../contract-tests/workflow-store.ts';
import { memoryWorkflowStore } from './memory.ts';

describeWorkflowStore('the workflow store in memory', async () => {
  let nowMs = 0;
  const store = memoryWorkflowStore({ nowMs: () => nowMs });
  return {
    store,
    other: store,
    pass: async (ms) => {
      nowMs += ms;
    },
    dispose: store.close,
  };
});

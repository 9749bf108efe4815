export { runWorkflows, type Workflows, type WorkflowsOptions } from './run-workflows.ts';
export type { Step, Workflow, WorkflowHealth } from './workflow.ts';

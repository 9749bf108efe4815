import type { EventMetadata, NewId } from '@sentinel/contracts/kernel';

/** Who the house is when it acts by itself. */
export const workflowMetadata = (workflow: string, newId: NewId): EventMetadata => {
  const correlationId = newId();
  return {
    principal: `system:${workflow}`,
    client: 'sentinel',
    tool: workflow,
    correlationId,
    causationId: correlationId,
  };
};

import type { ToolDefinition } from '../kernel/index.ts';
import type { approvalQueries } from './queries.ts';

export const approvalTools = {
  'approval.list': {
    title: 'What waits for a human',
    description:
      'Requests that a human must answer outside this conversation: proposed orders, releases of halts, raised limits, with who asked, why, and until when. No tool can answer one.',
    scope: 'read',
    message: 'ListApprovals',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof approvalQueries>>;

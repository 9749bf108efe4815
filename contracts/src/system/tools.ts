import type { ToolDefinition } from '../kernel/index.ts';
import type { systemQueries } from './queries.ts';

export const systemTools = {
  'system.health': {
    title: 'System health',
    description:
      'State of every component, versions, protocols served, and how far the log and the views have come.',
    scope: 'read',
    message: 'GetHealth',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof systemQueries>>;

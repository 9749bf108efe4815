import type { ToolDefinition } from '../kernel/index.ts';
import type { systemCommands } from './commands.ts';
import type { systemQueries } from './queries.ts';

export const systemTools = {
  'system.brief': {
    title: 'Brief',
    description:
      'What changed since a log position or a time, what needs a decision now, and what could not be read. Begin a conversation with it.',
    scope: 'read',
    message: 'GetBrief',
  },
  'projections.status': {
    title: 'Views',
    description:
      'Every view that answers are read from: its version, how far it has folded the log, how far it is behind, and why it stopped if it did.',
    scope: 'read',
    message: 'ListViews',
  },
  'projections.rebuild': {
    title: 'Rebuild views',
    description:
      'Folds one view or all from the log, beside what serves; compares row by row and swaps. A dry run leaves what serves.',
    scope: 'admin',
    message: 'RebuildViews',
  },
  'system.health': {
    title: 'System health',
    description:
      'State of every component, versions, protocols served, and how far the log and the views have come.',
    scope: 'read',
    message: 'GetHealth',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof systemCommands | keyof typeof systemQueries>
>;

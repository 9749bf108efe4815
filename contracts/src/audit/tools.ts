import type { ToolDefinition } from '../kernel/index.ts';
import type { auditQueries } from './queries.ts';

export const auditTools = {
  'audit.recent_events': {
    title: 'Recent events',
    description:
      'The newest events of the log, by symbol, strategy or type. Each has an id for audit.explain_trade.',
    scope: 'read',
    message: 'ListRecentEvents',
  },
  'audit.explain_trade': {
    title: 'Explain a trade',
    description:
      'Explains a decision from an event, decision or order id: executes it again over its recorded inputs, says whether it comes out equal or where it differs, and tells the story line by line, each line with the event it rests on. Does the same for the event of a classification, a signal or a scan.',
    scope: 'read',
    message: 'ExplainTrade',
  },
  'audit.replay_session': {
    title: 'Replay a session',
    description:
      'Executes every decision of a trading session again over what was recorded: equal, or the first event that differs. as_of shows portfolio, orders, limits and halts as they were known at any event, with the decisions until then and, of each, the checks that failed and the signal behind it.',
    scope: 'read',
    message: 'ReplaySession',
  },
  'audit.what_if': {
    title: 'What if other limits had held',
    description:
      'Lives a past session again under other limits: which decisions would have come out otherwise, by which check, and the difference in P&L. Several cases in one call make a table. Changes nothing.',
    scope: 'read',
    message: 'WhatIf',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof auditQueries>>;

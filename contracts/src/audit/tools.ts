import type { ToolDefinition } from '../kernel/index.ts';
import type { auditQueries } from './queries.ts';

export const auditTools = {
  'audit.recent_events': {
    title: 'Recent events',
    description:
      'The newest events, by symbol, strategy or type, each with an id for audit.explain_trade; detail full adds stream, decision and tool.',
    scope: 'read',
    message: 'ListRecentEvents',
  },
  'audit.explain_trade': {
    title: 'Explain a trade',
    description:
      'Explains any id that audit.recent_events shows. A decision, classification, signal or scan is made again over its recorded inputs: equal or not. Tells the story line by line, each with its event.',
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
  'audit.trade_history': {
    title: 'Completed trades',
    description:
      'Completed trades with outcome, net profit or loss and R multiple, each with the decision and orders behind it. portfolio.history has prices and costs.',
    scope: 'read',
    message: 'ListTradeOutcomes',
  },
  'audit.decision_log': {
    title: 'Decisions',
    description:
      'Every order and preview that was judged, with outcome and failed checks. audit.explain_trade explains each.',
    scope: 'read',
    message: 'ListDecisions',
  },
  'audit.stats': {
    title: 'Statistics of trades',
    description:
      'Win rate, average profit or loss, profit factor, expectancy, slippage, Sharpe ratio of daily returns and drawdown, over closed trades.',
    scope: 'read',
    message: 'GetStatistics',
  },
  'audit.export': {
    title: 'Export the log',
    description:
      'The events of a period as CSV, as a resource to read, with the SHA-256 of its bytes. At most 10,000 events.',
    scope: 'read',
    message: 'ExportEvents',
  },
  'audit.self_assessment': {
    title: 'Self-assessment',
    description:
      'How the decisions of the house did over a period (the last 30 days by default), counted from its own events: denials by check, human overrides, stops and drift, slippage against signals, regime calls against what followed, gaps nobody can explain, and what could not be read. Each verdict names its sample; below the least sample there is none.',
    scope: 'read',
    message: 'AssessSelf',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof auditQueries>>;

import type { ToolDefinition } from '../kernel/index.ts';
import type { backtestCommands, backtestQueries } from './messages.ts';

export const backtestTools = {
  'backtest.run': {
    title: 'Run a backtest',
    description:
      'Lives a strategy through past bars by the same assessment, sizing and paper venue as on paper: returns, drawdown, trades, figures against holding instead, and whether any decision had seen its future. The result is recorded with its evidence. A long run answers a run_id after 30 s; backtest.status follows it.',
    scope: 'read',
    message: 'RunBacktest',
  },
  'backtest.walk_forward': {
    title: 'Walk forward',
    description:
      'Splits the bars into windows: in each, parameters of the grid are chosen on the first 70 % and tried on the rest, which they have not seen. Says how many windows earned anything out of sample.',
    scope: 'read',
    message: 'WalkForward',
  },
  'backtest.status': {
    title: 'Status of a backtest',
    description: 'How far a run is, or its recorded result.',
    scope: 'read',
    message: 'GetBacktest',
  },
  'backtest.cancel': {
    title: 'Cancel a backtest',
    description: 'Ends a run that is under way. Nothing of it is recorded.',
    scope: 'read',
    message: 'CancelBacktest',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof backtestCommands | keyof typeof backtestQueries>
>;

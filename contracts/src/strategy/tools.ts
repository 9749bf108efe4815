import type { ToolDefinition } from '../kernel/index.ts';
import type { strategyCommands } from './commands.ts';
import type { strategyQueries } from './queries.ts';

export const strategyTools = {
  'strategy.scan': {
    title: 'Scan for signals',
    description:
      'Runs the six strategies of the house, or those named, over the watchlist or one of its groups. Answers the signals found, ranked by confidence, with entry, stop and target, and how often each condition turned a symbol away. Signals are recorded; nothing is ordered.',
    scope: 'read',
    message: 'Scan',
    observes: true,
  },
  'strategy.signal': {
    title: 'Ask one strategy',
    description:
      'Puts one strategy to one symbol now. Answers the signal, which is recorded and which an order can name as its cause by signal_id, or every condition with those that failed.',
    scope: 'read',
    message: 'EvaluateStrategy',
    observes: true,
  },
  'strategy.list': {
    title: 'Strategies',
    description: 'The strategies with their parameters, timeframe and state.',
    scope: 'read',
    message: 'ListStrategies',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof strategyCommands | keyof typeof strategyQueries>
>;

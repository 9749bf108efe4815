import type { ToolDefinition } from '../kernel/index.ts';
import type { regimeCommands } from './commands.ts';
import type { regimeQueries } from './queries.ts';

export const regimeTools = {
  'regime.evaluate': {
    title: 'Classify the market regime',
    description:
      'Classifies the regime of one symbol (trending, mean reverting, too volatile, illiquid, risk off, unknown) from completed bars. Answers label, confidence, tradeability, which strategies fit, metrics with a second opinion, reasoning, and the id of the event that records it.',
    scope: 'read',
    message: 'EvaluateRegime',
    observes: true,
  },
  'regime.history': {
    title: 'Past market regimes',
    description:
      'Past classifications of one symbol, newest first, each with its event. regime.evaluate makes a new one.',
    scope: 'read',
    message: 'ListClassifications',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof regimeCommands | keyof typeof regimeQueries>
>;

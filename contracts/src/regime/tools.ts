import type { ToolDefinition } from '../kernel/index.ts';
import type { regimeCommands } from './commands.ts';

export const regimeTools = {
  'regime.evaluate': {
    title: 'Classify the market regime',
    description:
      'Classifies the regime of one symbol (trending, mean reverting, too volatile, illiquid, risk off, unknown) from completed bars. Answers label, confidence, tradeability, which strategies fit, the metrics and the reasoning, and the id of the event that records it.',
    scope: 'read',
    message: 'EvaluateRegime',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof regimeCommands>>;

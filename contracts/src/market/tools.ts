import type { ToolDefinition } from '../kernel/index.ts';
import type { marketQueries } from './queries.ts';

export const marketTools = {
  'market.snapshot': {
    title: 'Market snapshot',
    description:
      'Quotes and the latest completed daily bar of up to 200 symbols at once. market.quote has sizes too.',
    scope: 'read',
    message: 'GetSnapshot',
  },
  'market.bars': {
    title: 'Price bars',
    description:
      'Completed open-high-low-close-volume bars of one symbol, oldest first. The last 30 daily ones unless asked otherwise.',
    scope: 'read',
    message: 'GetBars',
  },
  'market.quote': {
    title: 'Quote',
    description:
      'Best bid and ask of one symbol with sizes, spread in basis points, age in milliseconds and source.',
    scope: 'read',
    message: 'GetQuote',
  },
  'market.health': {
    title: 'Market data health',
    description:
      'Which market is connected (mock, historical or live), its clock, its session and calendar, when the next one opens, and how far the data lags.',
    scope: 'read',
    message: 'GetMarketHealth',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof marketQueries>>;

import type { ToolDefinition } from '../kernel/index.ts';
import type { portfolioQueries } from './queries.ts';

export const portfolioTools = {
  'portfolio.status': {
    title: 'Portfolio status',
    description:
      'Equity, cash, buying power, exposure and profit or loss of the paper account, marked at the current quotes.',
    scope: 'read',
    message: 'GetPortfolioStatus',
  },
  'portfolio.positions': {
    title: 'Open positions',
    description:
      'Every open position with quantity, average price, mark, market value and unrealised profit or loss.',
    scope: 'read',
    message: 'ListPositions',
  },
  'portfolio.history': {
    title: 'Closed positions',
    description:
      'Closed positions with prices, net profit or loss, R multiple, slippage and fees, the last closed first.',
    scope: 'read',
    message: 'ListClosedTrades',
  },
} as const satisfies Record<string, ToolDefinition<keyof typeof portfolioQueries>>;

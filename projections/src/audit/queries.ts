import type { Handlers } from '@sentinel/contracts';
import { accepted, type ReadStore } from '@sentinel/contracts/kernel';
import type { MarketSource } from '@sentinel/contracts/market';
import { answering, readPage } from '../kernel/index.ts';
import { outcomeHandlers } from '../portfolio/index.ts';
import { decisionLogHandlers } from './decision-log.ts';
import { recentEvents } from './recent-events.ts';

export const auditQueryHandlers = (options: {
  readonly readStore: ReadStore;
  readonly source: MarketSource;
}): Handlers<'ListRecentEvents' | 'ListDecisions' | 'ListTradeOutcomes' | 'GetStatistics'> => ({
  ...decisionLogHandlers(options),
  ...outcomeHandlers(options),
  ListRecentEvents: ({ symbol, strategy, type, limit, cursor, min_position }) =>
    answering(options.readStore, min_position, async () => {
      const page = await readPage(options.readStore, recentEvents, {
        newestFirst: true,
        limit,
        where: {
          ...(symbol !== undefined && { symbol }),
          ...(strategy !== undefined && { strategy }),
          ...(type !== undefined && { type }),
        },
        ...(cursor !== undefined && { cursor }),
      });
      return {
        value: accepted({ events: [...page.rows], next_cursor: page.nextCursor }),
        logPosition: page.logPosition,
      };
    }),
});

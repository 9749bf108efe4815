import type { Handlers } from '@sentinel/contracts';
import { accepted, type ReadStore } from '@sentinel/contracts/kernel';
import type { MarketSource } from '@sentinel/contracts/market';
import { answering, readPage } from '../kernel/index.ts';
import { outcomeHandlers } from '../portfolio/index.ts';
import { decisionLogHandlers } from './decision-log.ts';
import { recentEvents } from './recent-events.ts';

type EventRow = Parameters<typeof recentEvents.fieldsOf>[0];

/** What a list says of an event unless all of it is asked for. */
const shortOf = (row: EventRow) => ({
  event_id: row.event_id,
  type: row.type,
  log_position: row.log_position,
  recorded_at: row.recorded_at,
  symbol: row.symbol,
  order_id: row.order_id,
  principal: row.principal,
  summary: row.summary,
});

export const auditQueryHandlers = (options: {
  readonly readStore: ReadStore;
  readonly source: MarketSource;
}): Handlers<'ListRecentEvents' | 'ListDecisions' | 'ListTradeOutcomes' | 'GetStatistics'> => ({
  ...decisionLogHandlers(options),
  ...outcomeHandlers(options),
  ListRecentEvents: ({ symbol, strategy, type, detail, limit, cursor, min_position }) =>
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
        value: accepted({
          events: detail === 'full' ? [...page.rows] : page.rows.map(shortOf),
          next_cursor: page.nextCursor,
        }),
        logPosition: page.logPosition,
      };
    }),
});

import type { Handlers, OutputOf } from '@sentinel/contracts';
import { accepted, type ReadStore } from '@sentinel/contracts/kernel';
import { answering, readPage } from '../kernel/index.ts';
import { type StrategyRow, strategies } from '../strategy/index.ts';

const listed = (row: StrategyRow): OutputOf<'ListLifecycles'>['strategies'][number] => ({
  strategy: row.strategy,
  name: row.name,
  type: row.type,
  parameters: row.parameters,
  state: row.state,
  since: row.since,
  by: row.by,
  reason: row.reason,
  returns_to: row.before,
  backtests: row.backtests,
  denied_promotions: row.denied,
  pending_request: row.pending && {
    request_id: row.pending.requestId,
    target_state: row.pending.to,
    expires_at: row.pending.expiresAt,
  },
});

export const governanceQueryHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListLifecycles'> => ({
  ListLifecycles: ({ state, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const { rows, nextCursor, logPosition } = await readPage(readStore, strategies, {
        limit,
        ...(state !== undefined && { where: { state } }),
        ...(cursor !== undefined && { cursor }),
      });
      const answer = { strategies: rows.map(listed), next_cursor: nextCursor };
      return { value: accepted(answer), logPosition };
    }),
});

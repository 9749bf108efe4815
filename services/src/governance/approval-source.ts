import type { PromotionRequest } from '@sentinel/contracts/governance';
import type { Digest, EventStore } from '@sentinel/contracts/kernel';
import type { ApprovalSource, ShownRequest } from '../approval/index.ts';
import { strategies } from '../strategy/index.ts';
import { promotionDigest } from './approvals.ts';
import type { StrategyBook } from './book.ts';
import { criterionInWords } from './criteria-in-words.ts';
import type { StrategyIndex } from './evidence.ts';
import { pendingRequest } from './lifecycle/rules.ts';

export type PromotionSourceOptions = {
  readonly answer: ApprovalSource['answer'];
  readonly book: Pick<StrategyBook, 'refresh'>;
  readonly index: StrategyIndex;
  readonly eventStore: Pick<EventStore, 'lastPosition'>;
  readonly digest: Digest;
  readonly now: () => Temporal.Instant;
};

const shown = (request: PromotionRequest, digest: Digest): ShownRequest => ({
  request_id: request.requestId,
  kind: 'promotion',
  status: 'pending',
  title: `Promote strategy ${request.strategyId} from ${request.from} to ${request.to}`,
  lines: [
    `Every criterion is measured again when it is answered; ${request.criteria.filter(({ met }) => met).length} of ${request.criteria.length} were met when it was asked for.`,
  ],
  criteria: request.criteria.map(criterionInWords),
  reason_given: request.notes,
  requested_by: request.requestedBy,
  requested_at: request.requestedAt,
  expires_at: request.expiresAt,
  digest: promotionDigest(request, digest),
});

/** Promotions among what waits for a human. */
export const promotionSource = (options: PromotionSourceOptions): ApprovalSource => {
  const { answer, book, index, eventStore, digest, now } = options;
  return {
    list: async () => {
      const last = await eventStore.lastPosition();
      const ids = await Promise.all(
        Object.keys(strategies).map((type) => index.ofType(type, last)),
      );
      const pending = await Promise.all(
        ids.flat().map(async (strategyId) => {
          const { state } = await book.refresh(strategyId);
          const request = state.phase === 'unknown' ? undefined : pendingRequest(state, now());
          return request === undefined ? [] : [shown(request, digest)];
        }),
      );
      return pending.flat();
    },
    answer,
  };
};

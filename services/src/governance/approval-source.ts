import {
  type Approvals,
  type PromotionRequest,
  promotionRequestSchema,
} from '@sentinel/contracts/governance';
import { accepted, canonicalJson, type Digest, type EventStore } from '@sentinel/contracts/kernel';
import type { ApprovalSource, ShownRequest } from '../approval/index.ts';
import { strategies } from '../strategy/index.ts';
import type { StrategyBook } from './book.ts';
import { criterionInWords } from './criteria-in-words.ts';
import type { StrategyIndex } from './evidence.ts';
import { pendingRequest } from './lifecycle/rules.ts';

export type PromotionSourceOptions = {
  readonly promotions: Approvals;
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
  digest: digest(canonicalJson(promotionRequestSchema.encode(request))),
});

/** Promotions among what waits for a human. */
export const promotionSource = (options: PromotionSourceOptions): ApprovalSource => {
  const { promotions, book, index, eventStore, digest, now } = options;
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
    answer: async ({ requestId, requestDigest, approves, by }, metadata) => {
      if ((await promotions.find(requestId)) === undefined) return undefined;
      if (!approves) {
        const declined = await promotions.decline(
          { requestId, digest: requestDigest, by },
          metadata,
        );
        if (!declined.ok) return declined;
        const { outcome: said, logPosition } = declined.value;
        return accepted({ told: `Declined. ${said}`, logPosition });
      }
      const approval = { requestId, digest: requestDigest, approvedBy: by.principal, by };
      const outcome = await promotions.approve(approval, metadata);
      if (!outcome.ok) return outcome;
      const { outcome: said, logPosition } = outcome.value;
      return accepted({ told: `Approved. ${said}`, logPosition });
    },
  };
};

import { type Approvals, promotionRequestSchema } from '@sentinel/contracts/governance';
import {
  type ApprovalRequestId,
  accepted,
  boundedCache,
  canonicalJson,
  type Digest,
  type EventStore,
  refused,
} from '@sentinel/contracts/kernel';
import type { StrategyBook } from './book.ts';
import type { EvidenceGathering, StrategyIndex } from './evidence.ts';
import { mayNotApprove, pendingRequest } from './lifecycle/rules.ts';
import { deniedBy, unmetRefusal } from './promotion.ts';
import type { Stopping } from './stopping.ts';

export type PromotionApprovalsOptions = {
  readonly book: StrategyBook;
  readonly evidence: EvidenceGathering;
  readonly stopping: Pick<Stopping, 'align'>;
  readonly index: StrategyIndex;
  readonly eventStore: Pick<EventStore, 'lastPosition'>;
  readonly digest: Digest;
  readonly marketNow: () => Temporal.Instant;
  readonly now: () => Temporal.Instant;
};

const rememberedRequests = 500;

/** The way by which a human answers a promotion: bound to exactly what was asked, and judged again. */
export const promotionApprovals = (options: PromotionApprovalsOptions): Approvals => {
  const { book, evidence, stopping, index, eventStore, digest, marketNow, now } = options;
  const known = boundedCache<string, string>(rememberedRequests);

  const pending = async (requestId: string) => {
    const strategyId =
      known.get(requestId) ?? (await index.ofRequest(requestId, await eventStore.lastPosition()));
    if (strategyId === undefined) return undefined;
    known.set(requestId, strategyId);
    const { state } = await book.refresh(strategyId);
    if (state.phase === 'unknown') return undefined;
    const request = pendingRequest(state, now());
    if (request?.requestId !== requestId) return undefined;
    const asked = promotionRequestSchema.encode(request);
    return { strategyId, strategy: state, request, asked, digest: digest(canonicalJson(asked)) };
  };

  return {
    find: async (requestId) => {
      const found = await pending(requestId);
      return found && { kind: 'promotion', request: found.asked, digest: found.digest };
    },
    approve: async ({ requestId, digest: named, approvedBy }, metadata) => {
      const found = await pending(requestId);
      const no = mayNotApprove(found?.request, { approvedBy, wall: now() });
      if (found === undefined || no !== undefined)
        return no ?? refused('UNKNOWN_REQUEST', 'There is no such request.', 'Ask again.');
      if (found.digest !== named)
        return refused(
          'REQUEST_CHANGED',
          'The approval names another request than the one recorded.',
          'Read the request again and approve that.',
        );
      const { strategyId, strategy, request } = found;
      const { to } = request;
      if (to === 'suspended' || to === 'retired')
        throw new Error(`a request to promote ${strategyId} to ${to}`);
      const outcome = await book.execute(
        strategyId,
        {
          ...({ type: 'Approve', requestId: requestId as ApprovalRequestId, approvedBy } as const),
          evidence: await evidence.gather(strategy, to),
          at: marketNow(),
          wall: now(),
        },
        metadata,
      );
      if (!outcome.ok) return outcome;
      const { events, state, logPosition } = outcome.value;
      const unmet = deniedBy(events);
      if (unmet !== undefined) return unmetRefusal(strategyId, unmet);
      const aligned = state.phase === 'unknown' ? undefined : await stopping.align(state, metadata);
      return accepted({
        logPosition: `${aligned ?? logPosition ?? 0n}`,
        outcome: `Strategy ${strategyId} is in state ${to}.`,
      });
    },
  };
};

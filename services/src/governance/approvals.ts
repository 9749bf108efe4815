import type { Approver } from '@sentinel/contracts/approval';
import {
  type Approvals,
  type PromotionRequest,
  promotionRequestSchema,
} from '@sentinel/contracts/governance';
import {
  accepted,
  boundedCache,
  canonicalJson,
  type Digest,
  type EventStore,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { Answer } from '../approval/index.ts';
import type { StrategyBook } from './book.ts';
import type { EvidenceGathering, StrategyIndex } from './evidence.ts';
import { mayNotAnswer, pendingRequest } from './lifecycle/rules.ts';
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

  /** The request that an answer names, where this principal may answer it and exactly that was shown. */
  const answerableBy = async (requestId: string, named: string, approvedBy: string) => {
    const found = await pending(requestId);
    const no = mayNotAnswer(found?.request, { approvedBy, wall: now() });
    if (found === undefined || no !== undefined)
      return no ?? refused('UNKNOWN_REQUEST', 'There is no such request.', 'Ask again.');
    return found.digest === named
      ? accepted(found)
      : refused(
          'REQUEST_CHANGED',
          'The answer names another request than the one recorded.',
          'Read the request again and answer that.',
        );
  };

  const answerTo = (
    {
      request,
      digest: requestDigest,
    }: { readonly request: PromotionRequest; readonly digest: Sha256 },
    by: Approver,
  ): Answer => ({ requestId: request.requestId, requestDigest, by, at: now() });

  return {
    decline: async ({ requestId, digest: named, by }, metadata) => {
      const answerable = await answerableBy(requestId, named, by.principal);
      if (!answerable.ok) return answerable;
      const { strategyId, strategy } = answerable.value;
      const answer = answerTo(answerable.value, by);
      const outcome = await book.execute(strategyId, { type: 'Decline', answer }, metadata);
      if (!outcome.ok) return outcome;
      return accepted({
        logPosition: `${outcome.value.logPosition ?? 0n}`,
        outcome: `Strategy ${strategyId} stays in state ${strategy.state}.`,
      });
    },
    find: async (requestId) => {
      const found = await pending(requestId);
      return found && { kind: 'promotion', request: found.asked, digest: found.digest };
    },
    approve: async ({ requestId, digest: named, approvedBy, by }, metadata) => {
      const answerable = await answerableBy(requestId, named, approvedBy);
      if (!answerable.ok) return answerable;
      const { strategyId, strategy, request } = answerable.value;
      const { to } = request;
      if (to === 'suspended' || to === 'retired')
        throw new Error(`a request to promote ${strategyId} to ${to}`);
      const outcome = await book.execute(
        strategyId,
        {
          ...({ type: 'Approve', requestId: request.requestId, approvedBy } as const),
          answer: by === undefined ? null : answerTo(answerable.value, by),
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

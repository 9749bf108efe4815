import { type PromotionRequest, promotionRequestSchema } from '@sentinel/contracts/governance';
import {
  accepted,
  boundedCache,
  canonicalJson,
  type Digest,
  type EventMetadata,
  type EventStore,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { Answer, ApprovalSource } from '../approval/index.ts';
import type { StrategyBook } from './book.ts';
import type { EvidenceGathering, StrategyIndex } from './evidence.ts';
import { pendingRequest, unanswerable } from './lifecycle/rules.ts';
import type { Lifecycle } from './lifecycle/state.ts';
import { deniedBy, unmetRefusal } from './promotion.ts';
import type { Stopping } from './stopping.ts';

export type PromotionAnswersOptions = {
  readonly book: StrategyBook;
  readonly evidence: EvidenceGathering;
  readonly stopping: Pick<Stopping, 'align'>;
  readonly index: StrategyIndex;
  readonly eventStore: Pick<EventStore, 'lastPosition'>;
  readonly digest: Digest;
  readonly marketNow: () => Temporal.Instant;
  readonly now: () => Temporal.Instant;
};

/** By what an answer names a request: over all that it says. */
export const promotionDigest = (request: PromotionRequest, digest: Digest): Sha256 =>
  digest(canonicalJson(promotionRequestSchema.encode(request)));

const rememberedRequests = 500;

/** The way by which a human answers a promotion: bound to exactly what was asked, and judged again. */
export const promotionAnswers = (options: PromotionAnswersOptions): ApprovalSource['answer'] => {
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
    return request?.requestId === requestId ? { strategy: state, request } : undefined;
  };

  const decline = async (
    answer: Answer,
    { registered, state }: Lifecycle,
    metadata: EventMetadata,
  ) => {
    const { strategyId } = registered;
    const outcome = await book.execute(strategyId, { type: 'Decline', answer }, metadata);
    if (!outcome.ok) return outcome;
    return accepted({
      told: `Declined. Strategy ${strategyId} stays in state ${state}.`,
      logPosition: `${outcome.value.logPosition ?? 0n}`,
    });
  };

  return async ({ approves, ...answer }, metadata) => {
    const found = await pending(answer.requestId);
    if (found === undefined) return undefined;
    const { strategy, request } = found;
    const { strategyId, to } = request;
    const no = unanswerable(request, answer);
    if (no !== undefined) return no;
    if (promotionDigest(request, digest) !== answer.requestDigest)
      return refused(
        'REQUEST_CHANGED',
        'The answer names another request than the one recorded.',
        'Read the request again and answer that.',
      );
    if (!approves) return decline(answer, strategy, metadata);
    if (to === 'suspended' || to === 'retired')
      throw new Error(`a request to promote ${strategyId} to ${to}`);
    const measured = await evidence.gather(strategy, to);
    const outcome = await book.execute(
      strategyId,
      { type: 'Approve', answer, evidence: measured, at: marketNow() },
      metadata,
    );
    if (!outcome.ok) return outcome;
    const { events, state, logPosition } = outcome.value;
    const unmet = deniedBy(events);
    if (unmet !== undefined) return unmetRefusal(strategyId, unmet);
    const aligned = state.phase === 'unknown' ? undefined : await stopping.align(state, metadata);
    return accepted({
      told: `Approved. Strategy ${strategyId} is in state ${to}.`,
      logPosition: `${aligned ?? logPosition ?? 0n}`,
    });
  };
};

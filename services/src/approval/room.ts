import type { Handlers } from '@sentinel/contracts';
import type { ApprovalView, Approver, PasskeyProof } from '@sentinel/contracts/approval';
import {
  type ApprovalRequestId,
  accepted,
  type EventMetadata,
  type Outcome,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { Answer } from './requests.ts';

/** A request as a human is shown it. */
export type ShownRequest = ApprovalView & {
  /** What an answer must name: another request, or one that was altered, has another. */
  readonly digest: Sha256;
};

/** Whoever has wishes that wait for a human: a trading session, the control stream, a strategy. */
export type ApprovalSource = {
  /** Pending and lately answered ones, in any order. */
  readonly list: () => Promise<readonly ShownRequest[]>;
  /** Undefined when it has no such request; else the answer has taken effect, or was refused. */
  readonly answer: (
    answer: Answer & { readonly approves: boolean },
    metadata: EventMetadata,
  ) => Promise<Outcome<Answered> | undefined>;
};

export type Answered = {
  /** One sentence: what has happened. */
  readonly told: string;
  readonly logPosition: string;
};

/** The way by which a human answers. It is no tool: nothing that a model is told leads to it. */
export type Approvals = {
  /** Pending first, then newest first. */
  readonly list: () => Promise<readonly ShownRequest[]>;
  readonly find: (requestId: string) => Promise<ShownRequest | undefined>;
  readonly answer: (
    answer: {
      readonly requestId: string;
      readonly digest: string;
      readonly approves: boolean;
      readonly by: Approver;
      /** What a passkey signed for it, verified; of a yes alone. */
      readonly proof?: PasskeyProof;
    },
    metadata: EventMetadata,
  ) => Promise<Outcome<Answered>>;
};

export type ApprovalRoom = Approvals & {
  readonly handlers: Handlers<'ListApprovals'>;
  /** Takes in a source that comes later: an account's desk, say. */
  readonly add: (source: ApprovalSource) => void;
};

const mostListed = 50;

const inOrder = (a: ShownRequest, b: ShownRequest): number => {
  const pending = Number(b.status === 'pending') - Number(a.status === 'pending');
  return pending !== 0 ? pending : Temporal.Instant.compare(b.requested_at, a.requested_at);
};

/** One room for everything that waits for a human, wherever it stands. */
export const approvalRoom = (options: {
  /** Wall clock: humans answer by it. */
  readonly now: () => Temporal.Instant;
  /** One sentence for whoever asked: where a human answers. */
  readonly howToApprove: string;
}): ApprovalRoom => {
  const { now, howToApprove } = options;
  const sources: ApprovalSource[] = [];

  const list: Approvals['list'] = async () => {
    const all = await Promise.all(sources.map((source) => source.list()));
    return all.flat().sort(inOrder);
  };

  return {
    list,
    find: async (requestId) => (await list()).find(({ request_id: each }) => each === requestId),
    answer: async ({ requestId, digest, approves, by, proof }, metadata) => {
      const answer = {
        requestId: requestId as ApprovalRequestId,
        requestDigest: digest as Sha256,
        ...{ approves, by, at: now() },
        ...(approves && proof !== undefined && { proof }),
      };
      for (const source of sources) {
        const outcome = await source.answer(answer, metadata);
        if (outcome !== undefined) return outcome;
      }
      return refused(
        'UNKNOWN_REQUEST',
        `There is no request ${requestId} that could still be answered.`,
        'List what is pending.',
      );
    },
    add: (source) => void sources.push(source),
    handlers: {
      ListApprovals: async ({ pending_only: pendingOnly }) => {
        const all = await list();
        const shown = pendingOnly ? all.filter(({ status }) => status === 'pending') : all;
        return accepted({
          approvals: shown.slice(0, mostListed).map(({ digest: _, ...view }) => view),
          how_to_approve: howToApprove,
        });
      },
    },
  };
};

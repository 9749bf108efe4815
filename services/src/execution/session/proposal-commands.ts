import type { ApprovalRequestId, DecisionId, Sha256 } from '@sentinel/contracts/kernel';
import type { RiskFacts } from '@sentinel/contracts/risk';
import type { Answer } from '../../approval/index.ts';
import type { Gathered } from './gathered.ts';

/** How a human would be asked, should one have to decide. Times are of the wall clock. */
export type Asking = {
  readonly requestId: ApprovalRequestId;
  readonly requestedBy: string;
  readonly requestedAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant;
};

/** A human's answer to an order that was proposed. */
export type AnswerProposal = {
  readonly type: 'AnswerProposal';
  readonly answer: Answer;
  /** By what the order is judged again; null for a no. */
  readonly judging: {
    readonly facts: RiskFacts;
    readonly gathered: Gathered;
    readonly decisionId: DecisionId;
    readonly codeDigest: Sha256;
  } | null;
};

export type ExpireProposals = {
  readonly type: 'ExpireProposals';
  /** Wall clock. */
  readonly at: Temporal.Instant;
};

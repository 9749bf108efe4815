import type { ApprovalRequest } from '@sentinel/contracts/approval';
import {
  accepted,
  canonicalJson,
  type Digest,
  encodeBy,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import { type OrderIntent, orderIntentSchema } from '@sentinel/contracts/risk';
import { answerable, type KnownRequest, overdueIn, pendingIn } from '../../approval/index.ts';
import { type Assessment, assess, recordAssessment, worthOf } from '../../risk/index.ts';
import { assessedAccount } from './account.ts';
import type { PlaceOrder, SessionDecision } from './commands.ts';
import { entryRefusal } from './entry.ts';
import { factsNeeded } from './facts-needed.ts';
import type { AnswerProposal, ExpireProposals } from './proposal-commands.ts';
import type { Session, SessionEvent } from './state.ts';
import { submitted } from './submit.ts';

/** By what an approval is bound to an order. */
const intentDigest = (intent: OrderIntent, digest: Digest): Sha256 =>
  digest(canonicalJson(encodeBy(orderIntentSchema, intent)));

/** The order that a human is asked about, and the request: both beside the assessment, in one append. */
export const proposed = (
  { checks }: Assessment,
  command: PlaceOrder,
  { session, digest }: { readonly session: Session; readonly digest: Digest },
): readonly SessionEvent[] => {
  const { asking, intent, facts, orderId, decisionId, idempotencyKey, paramsDigest } = command;
  if (asking === undefined) throw new Error('a human is to be asked, and nobody said by when');
  const { requestId, requestedBy, requestedAt, expiresAt } = asking;
  const givenReason = command.givenReason ?? null;
  const request: ApprovalRequest = {
    ...({ requestId, kind: 'order', subject: orderId, givenReason } as const),
    subjectDigest: intentDigest(intent, digest),
    limitsVersion: session.limits.version,
    ...{ requestedBy, requestedAt, expiresAt },
  };
  const toRead = checks.filter(({ status }) => status !== 'PASS' && status !== 'NOT_APPLICABLE');
  return [
    {
      type: 'OrderProposed',
      data: {
        ...{ orderId, decisionId, requestId, intent, idempotencyKey, paramsDigest, givenReason },
        ...(facts.grant && { grantId: facts.grant.grant.grantId }),
        wanted: facts.human?.wanted === true,
        value: worthOf(intent, facts),
        checks: toRead.map(({ code, status, message }) => ({ code, status, message })),
        passed: checks.filter(({ status }) => status === 'PASS').length,
        at: facts.at,
      },
    },
    { type: 'ApprovalRequested', data: request },
  ];
};

/** What comes of a proposal to which nobody says yes. */
const refusedBy = (
  { subject }: KnownRequest,
  session: Session,
  { message, at }: { readonly message: string; readonly at: Temporal.Instant },
): readonly SessionEvent[] => {
  const proposal = session.proposals.get(subject);
  if (proposal === undefined) return [];
  const { orderId, decisionId, intent, idempotencyKey, paramsDigest, givenReason } = proposal;
  return [
    {
      type: 'OrderDenied',
      data: {
        ...{ orderId, decisionId, intent, idempotencyKey, paramsDigest, givenReason, message, at },
        code: 'HUMAN_APPROVAL',
      },
    },
  ];
};

const expiring = (
  requests: readonly KnownRequest[],
  session: Session,
  { message, at, marketAt }: { message: string; at: Temporal.Instant; marketAt: Temporal.Instant },
): readonly SessionEvent[] =>
  requests.flatMap((request): readonly SessionEvent[] => [
    { type: 'ApprovalExpired', data: { requestId: request.requestId, at } },
    ...refusedBy(request, session, { message, at: marketAt }),
  ]);

/** Ends what a human has not answered in time. */
export const expireProposals = (
  { at }: ExpireProposals,
  session: Session,
): readonly SessionEvent[] =>
  expiring(overdueIn(session.requests, at), session, {
    ...{ message: 'Nobody answered in time.', at },
    marketAt: session.lastAt,
  });

/** Ends with the session what was proposed in it: of the next one nobody has asked. */
export const endProposals = (session: Session, at: Temporal.Instant): readonly SessionEvent[] =>
  expiring(pendingIn(session.requests), session, {
    ...{ message: 'The session ended before anybody answered.', at, marketAt: at },
  });

/**
 * A human's answer. A no ends the order. A yes is to exactly this order under exactly these limits: it is
 * judged again as the market and the account now stand, and submitted if nothing else stands in its way.
 */
export const answerProposal = (
  command: AnswerProposal,
  session: Session,
  digest: Digest,
): SessionDecision => {
  const { answer, judging } = command;
  const found = answerable(session.requests, answer, digest);
  if (!found.ok) return found;
  const request = found.value;
  const { requestId, requestDigest, by, at, proof } = answer;
  const answered = { requestId, requestDigest, by, at };
  const proposal = session.proposals.get(request.subject);
  if (proposal === undefined) throw new Error(`nothing was proposed as ${request.subject}`);
  if (judging === null) {
    const message = `${by.principal} said no to it.`;
    return accepted([
      { type: 'ApprovalDeclined', data: answered },
      ...refusedBy(request, session, { message, at: session.lastAt }),
    ]);
  }
  const { intent } = proposal;
  if (session.limits.version !== request.limitsVersion) {
    return refused(
      'LIMITS_CHANGED',
      `It was asked for under limits version ${request.limitsVersion}, and version ${session.limits.version} is in force.`,
      'Have it proposed again.',
    );
  }
  if (intentDigest(intent, digest) !== request.subjectDigest)
    throw new Error(`the order ${request.subject} is not the one that was asked for`);
  const needed = factsNeeded(session, judging.facts, judging.gathered);
  if (!needed.ok) return needed;
  const approval = { requestId, requestDigest, approvedBy: by.principal, at };
  const facts = { ...needed.value, human: { wanted: proposal.wanted, approval } };
  const unfit = entryRefusal(intent, facts, session.venue);
  if (unfit !== undefined) return unfit;
  const account = assessedAccount(session, { intent, facts });
  const inputs = { intent, facts, limits: session.limits, account };
  const assessment = assess(inputs);
  const { decisionId, codeDigest } = judging;
  const recorded = { decisionId, purpose: 'order', codeDigest, digest } as const;
  const assessed: readonly SessionEvent[] = [
    { type: 'ApprovalGranted', data: { ...answered, ...(proof && { proof }) } },
    { type: 'RiskAssessed', data: recordAssessment(inputs, assessment, recorded) },
  ];
  const { verdict } = assessment;
  const { orderId, idempotencyKey, paramsDigest, givenReason } = proposal;
  const order = { orderId, decisionId, idempotencyKey, paramsDigest, givenReason };
  if (verdict.outcome === 'APPROVED')
    return accepted([
      ...assessed,
      ...submitted(verdict.approval, { ...order, facts }, { session, digest }),
    ]);
  const [code, message] =
    verdict.outcome === 'DENIED'
      ? [verdict.code, verdict.message]
      : (['HUMAN_APPROVAL', 'A human is wanted for something else too.'] as const);
  return accepted([
    ...assessed,
    { type: 'OrderDenied', data: { ...order, intent, code, message, at: facts.at } },
  ]);
};

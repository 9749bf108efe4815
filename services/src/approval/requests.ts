import {
  type ApprovalRequest,
  type ApprovalView,
  type Approver,
  type approvalEvents,
  approvalRequestSchema,
  type PasskeyProof,
} from '@sentinel/contracts/approval';
import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type Digest,
  type EventOf,
  isBefore,
  type Outcome,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import { mayNotAnswer } from './who-answers.ts';

export type ApprovalEvent = EventOf<typeof approvalEvents>;

/** A request with what became of it. */
export type KnownRequest = ApprovalRequest & { readonly status: ApprovalView['status'] };

/** The requests of one stream, as a part of its state, oldest first. */
export type Requests = ReadonlyMap<ApprovalRequestId, KnownRequest>;

export const noRequests: Requests = new Map();

/** Answered ones that are remembered, so that whoever answers again is told how it ended. */
const rememberedAnswers = 100;

const bounded = (requests: Requests): Requests => {
  const answered = [...requests.values()].filter(({ status }) => status !== 'pending');
  const forgotten = answered.slice(0, Math.max(0, answered.length - rememberedAnswers));
  if (forgotten.length === 0) return requests;
  const kept = new Map(requests);
  for (const { requestId } of forgotten) kept.delete(requestId);
  return kept;
};

const statusAfter = {
  ApprovalGranted: 'granted',
  ApprovalDeclined: 'declined',
  ApprovalExpired: 'expired',
} as const;

export const evolveRequests = (requests: Requests, event: ApprovalEvent): Requests => {
  const { requestId } = event.data;
  if (event.type === 'ApprovalRequested')
    return new Map(requests).set(requestId, { ...event.data, status: 'pending' });
  const known = requests.get(requestId);
  if (known === undefined) return requests;
  return bounded(new Map(requests).set(requestId, { ...known, status: statusAfter[event.type] }));
};

/** By what an answer names a request: every member of it, its subject's digest and its end among them. */
export const requestDigest = (request: ApprovalRequest, digest: Digest): Sha256 => {
  const { status: _, ...plain } = request as KnownRequest;
  return digest(canonicalJson(approvalRequestSchema.encode(plain)));
};

export const pendingIn = (requests: Requests): readonly KnownRequest[] =>
  [...requests.values()].filter(({ status }) => status === 'pending');

/** What is pending of the same wish of the same caller, and can still be answered at `at`. */
export const samePending = (
  requests: Requests,
  {
    kind,
    subject,
    subjectDigest,
    requestedBy,
    requestedAt: at,
  }: Pick<ApprovalRequest, 'kind' | 'subject' | 'subjectDigest' | 'requestedBy' | 'requestedAt'>,
): KnownRequest | undefined =>
  pendingIn(requests).find(
    (each) =>
      each.kind === kind &&
      each.subject === subject &&
      each.subjectDigest === subjectDigest &&
      each.requestedBy === requestedBy &&
      isBefore(at, each.expiresAt),
  );

/** Those that nobody has answered in time. */
export const overdueIn = (requests: Requests, at: Temporal.Instant): readonly KnownRequest[] =>
  pendingIn(requests).filter(({ expiresAt }) => !isBefore(at, expiresAt));

/** In order of precedence. */
export const approvalRefusals = [
  'UNKNOWN_REQUEST',
  'REQUEST_CHANGED',
  'ALREADY_ANSWERED',
  'REQUEST_EXPIRED',
  'LIMITS_CHANGED',
  'HUMAN_REQUIRED',
  'SAME_PRINCIPAL',
] as const;
export type ApprovalRefusal = (typeof approvalRefusals)[number];

/** A human's yes or no, with what it names. */
export type Answer = {
  readonly requestId: ApprovalRequestId;
  /** Over the request as it was shown. */
  readonly requestDigest: Sha256;
  readonly by: Approver;
  /** Wall clock. */
  readonly at: Temporal.Instant;
  /** Of a yes by a passkey: verified by whoever took it in, and kept beside it. A no has none. */
  readonly proof?: PasskeyProof;
};

/** The request that an answer is to, where it may still be given and means what was shown; else why not. */
export const answerable = (
  requests: Requests,
  { requestId, requestDigest: named, by, at }: Answer,
  /** Null where the caller has held the answer against the request, which never changes. */
  digest: Digest | null,
): Outcome<KnownRequest, ApprovalRefusal> => {
  const request = requests.get(requestId);
  if (request === undefined) {
    return refused(
      'UNKNOWN_REQUEST',
      `There is no request ${requestId} that could still be answered.`,
      'List what is pending.',
    );
  }
  if (digest !== null && requestDigest(request, digest) !== named) {
    return refused(
      'REQUEST_CHANGED',
      'The answer names another request than the one recorded.',
      'Read the request again and answer that.',
    );
  }
  if (request.status !== 'pending') {
    return refused(
      'ALREADY_ANSWERED',
      `The request was ${request.status} already.`,
      'Nothing has to be done.',
    );
  }
  if (!isBefore(at, request.expiresAt)) {
    return refused(
      'REQUEST_EXPIRED',
      `The request expired at ${request.expiresAt}.`,
      'Have it asked for again.',
    );
  }
  return mayNotAnswer(by.principal, request) ?? accepted(request);
};

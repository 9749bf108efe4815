import { accepted, isBefore, type Outcome, refused } from '@sentinel/contracts/kernel';
import { type Answer, answerable, mayNotAnswer, samePending } from '../../approval/index.ts';
import type { ControlCommand, ControlRefusal } from './commands.ts';
import type { ControlEvent, ControlState } from './state.ts';

type Decision = Outcome<readonly ControlEvent[], ControlRefusal>;
type CommandOf<Type extends ControlCommand['type']> = Extract<ControlCommand, { type: Type }>;

/** A human's yes to the release of a halt. */
export const release = ({ answer }: CommandOf<'ReleaseHalt'>, state: ControlState): Decision => {
  const { requestId, by, at } = answer;
  const request = state.releaseRequests.get(requestId);
  if (state.released.values().some((granted) => granted.requestId === requestId)) {
    return refused(
      'ALREADY_RELEASED',
      'The halt is not in force any more.',
      'Nothing has to be done.',
    );
  }
  if (request === undefined) {
    return refused(
      'UNKNOWN_REQUEST',
      `There is no release request ${requestId} that could still be answered.`,
      'Ask for the release again to get a request.',
    );
  }
  const { haltId } = request;
  if (Temporal.Instant.compare(at, request.expiresAt) >= 0) {
    return refused(
      'REQUEST_EXPIRED',
      `The request expired at ${request.expiresAt}.`,
      'Ask for the release again.',
    );
  }
  const released = { haltId, requestId, releasedBy: by.principal, releasedAt: at };
  return (
    mayNotAnswer(by.principal, request) ??
    accepted([
      { type: 'ApprovalGranted', data: answer },
      { type: 'HaltReleased', data: released },
    ])
  );
};

/** A no leaves the halt where it is, and ends the wish to release it. */
export const declineRelease = (answer: Answer, state: ControlState): Decision => {
  const request = state.releaseRequests.get(answer.requestId);
  if (request === undefined || !isBefore(answer.at, request.expiresAt)) {
    return refused(
      'UNKNOWN_REQUEST',
      `There is no release request ${answer.requestId} that could still be answered.`,
      'Nothing has to be done: the halt stays.',
    );
  }
  return (
    mayNotAnswer(answer.by.principal, request) ??
    accepted([{ type: 'ApprovalDeclined', data: answer }])
  );
};

/** Limits wait beside their request; the same wish of the same caller waits once. */
export const proposeLimits = (
  { request, limits }: CommandOf<'ProposeLimits'>,
  state: ControlState,
): Decision => {
  if (samePending(state.requests, request) !== undefined) return accepted([]);
  if (request.limitsVersion !== state.limits?.version)
    return refused('LIMITS_CHANGED', 'The limits have changed meanwhile.', 'Look at them again.');
  const { requestId, requestedAt: at } = request;
  return accepted([
    { type: 'LimitsProposed', data: { requestId, limits, at } },
    { type: 'ApprovalRequested', data: request },
  ]);
};

/**
 * A human's answer to looser limits: a yes is to exactly these in place of exactly those that were shown,
 * and puts them in force. Whoever calls has held the answer against the request's digest.
 */
export const answerLimits = (
  { answer, approves }: CommandOf<'AnswerLimits'>,
  state: ControlState,
): Decision => {
  const found = answerable(state.requests, answer, null);
  if (!found.ok) return found;
  if (!approves) return accepted([{ type: 'ApprovalDeclined', data: answer }]);
  const { limitsVersion, requestId } = found.value;
  const limits = state.proposedLimits.get(requestId);
  if (limits === undefined) throw new Error(`no limits were proposed as ${requestId}`);
  const version = state.limits?.version ?? 0;
  if (version !== limitsVersion) {
    return refused(
      'LIMITS_CHANGED',
      `It was asked for under limits version ${limitsVersion}, and version ${version} is in force.`,
      'Have it asked for again.',
    );
  }
  const document = { version: version + 1, limits };
  return accepted([
    { type: 'ApprovalGranted', data: answer },
    { type: 'LimitsAdopted', data: { document, at: answer.at } },
  ]);
};

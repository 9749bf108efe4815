import type { ApprovalRequestId } from '@sentinel/contracts/kernel';
import type { ReleaseRequest, RiskLimits } from '@sentinel/contracts/risk';
import { type ApprovalEvent, evolveRequests, type Requests } from '../../approval/index.ts';

/** What was asked of humans in the control stream. */
export type AskedOfHumans = {
  /** Requests that have neither expired nor ended with their halt. */
  readonly releaseRequests: ReadonlyMap<ApprovalRequestId, ReleaseRequest>;
  /** What else was asked, and the limits that are asked for, by request. */
  readonly requests: Requests;
  readonly proposedLimits: ReadonlyMap<ApprovalRequestId, RiskLimits>;
};

export const withRequest = <State extends AskedOfHumans>(
  state: State,
  request: ReleaseRequest,
): State => ({
  ...state,
  releaseRequests: new Map(state.releaseRequests).set(request.requestId, request),
});

export const withoutRelease = <State extends AskedOfHumans>(
  state: State,
  requestId: ApprovalRequestId,
): State => {
  const releaseRequests = new Map(state.releaseRequests);
  releaseRequests.delete(requestId);
  return { ...state, releaseRequests };
};

/** A halt that is released is told by its own event; a no ends the wish to release it. */
export const answered = <State extends AskedOfHumans>(
  state: State,
  event: ApprovalEvent,
): State => {
  if (event.type === 'ApprovalDeclined' && state.releaseRequests.has(event.data.requestId))
    return withoutRelease(state, event.data.requestId);
  const requests = evolveRequests(state.requests, event);
  const proposedLimits = new Map(
    [...state.proposedLimits].filter(
      ([requestId]) => requests.has(requestId) || !isAnswered(event, requestId),
    ),
  );
  return { ...state, requests, proposedLimits };
};

/** Limits stand in the log right before their own request: until it came, nothing has answered it. */
const isAnswered = ({ type, data }: ApprovalEvent, requestId: ApprovalRequestId): boolean =>
  type !== 'ApprovalRequested' && data.requestId === requestId;

export {
  type Answer,
  type ApprovalEvent,
  type ApprovalRefusal,
  answerable,
  evolveRequests,
  type KnownRequest,
  noRequests,
  overdueIn,
  pendingIn,
  type Requests,
  requestDigest,
  samePending,
} from './requests.ts';
export {
  type Answered,
  type ApprovalRoom,
  type ApprovalSource,
  type Approvals,
  approvalRoom,
  type ShownRequest,
} from './room.ts';
export { isHuman, mayNotAnswer } from './who-answers.ts';

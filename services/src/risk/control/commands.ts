import type { ApprovalRequestId } from '@sentinel/contracts/kernel';
import type { Halt, ReleaseRequest, RiskLimits } from '@sentinel/contracts/risk';
import type { HaltTarget, SessionName } from './state.ts';

export type ControlCommand =
  | { readonly type: 'EngageHalt'; readonly halt: Halt }
  | {
      readonly type: 'RequestRelease';
      readonly request: Omit<ReleaseRequest, 'haltId'>;
      readonly of: HaltTarget;
    }
  | {
      readonly type: 'ReleaseHalt';
      readonly requestId: ApprovalRequestId;
      readonly releasedBy: string;
      readonly at: Temporal.Instant;
    }
  | {
      readonly type: 'AdoptLimits';
      readonly limits: RiskLimits;
      /** Absent for every account that has none of its own. */
      readonly account?: string;
      /** Only where none hold yet: what a log begins with. */
      readonly onlyFirst?: boolean;
      readonly at: Temporal.Instant;
    }
  | { readonly type: 'ExpireRequests'; readonly at: Temporal.Instant }
  | {
      readonly type: 'RegisterSession' | 'DeregisterSession';
      readonly session: SessionName;
      readonly at: Temporal.Instant;
    };

/** In order of precedence. */
export const controlRefusals = [
  'NOT_HALTED',
  'UNKNOWN_REQUEST',
  'REQUEST_EXPIRED',
  'ALREADY_RELEASED',
] as const;
export type ControlRefusal = (typeof controlRefusals)[number];

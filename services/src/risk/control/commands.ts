import type { ApprovalRequest } from '@sentinel/contracts/approval';
import type { ApprovalRequestId, HaltId } from '@sentinel/contracts/kernel';
import type {
  AccountBinding,
  BoundBars,
  Halt,
  MarketBinding,
  ReleaseRequest,
  RiskLimits,
} from '@sentinel/contracts/risk';
import type { Answer, ApprovalRefusal } from '../../approval/index.ts';
import type { HaltTarget, SessionName } from './state.ts';

export type ControlCommand =
  | {
      readonly type: 'BindMarket';
      readonly market: MarketBinding;
      /** The bars of this market, as many of each symbol as the log is bound to. */
      readonly asBound: readonly BoundBars[];
      readonly at: Temporal.Instant;
    }
  | {
      readonly type: 'BindAccount';
      readonly binding: AccountBinding;
      readonly at: Temporal.Instant;
    }
  | { readonly type: 'EngageHalt'; readonly halt: Halt }
  | {
      readonly type: 'RequestRelease';
      readonly request: Omit<ReleaseRequest, 'haltId'>;
      readonly of: HaltTarget;
    }
  | {
      readonly type: 'ReleaseHalt';
      /** A human's yes to a request, with what was proved of them. */
      readonly answer: Answer;
    }
  /** A suspended strategy is reinstated, which a human has approved already: its halt ends with it. */
  | {
      readonly type: 'ReleaseSuspension';
      readonly haltId: HaltId;
      readonly requestId: ApprovalRequestId;
      readonly releasedBy: string;
      readonly at: Temporal.Instant;
    }
  | {
      readonly type: 'AdoptLimits';
      readonly limits: RiskLimits;
      /** Absent for every account that has none of its own. */
      readonly account?: string;
      /** The version that was looked at: under another it is refused. */
      readonly expectedVersion?: number;
      /** Only where none hold yet: what a log begins with. */
      readonly onlyFirst?: boolean;
      readonly at: Temporal.Instant;
    }
  | { readonly type: 'DeclineRelease'; readonly answer: Answer }
  | {
      readonly type: 'ProposeLimits';
      readonly request: ApprovalRequest;
      readonly limits: RiskLimits;
    }
  | { readonly type: 'AnswerLimits'; readonly answer: Answer; readonly approves: boolean }
  | { readonly type: 'ExpireRequests'; readonly at: Temporal.Instant }
  | {
      readonly type: 'RegisterSession' | 'DeregisterSession';
      readonly session: SessionName;
      readonly at: Temporal.Instant;
    };

/** In order of precedence. */
export const controlRefusals = [
  'NOT_HALTED',
  'SUSPENDED',
  'ALREADY_RELEASED',
  'OTHER_PROVIDER',
  'OTHER_CALENDAR',
  'OTHER_SEED',
  'OTHER_BARS',
  'OTHER_ACCOUNT_TYPE',
  'OTHER_STARTING_CASH',
] as const;
export type ControlRefusal = (typeof controlRefusals)[number] | ApprovalRefusal;

/** The danger that a halt names by which a suspended or retired strategy is stopped. */
export const suspensionDanger = 'STRATEGY_SUSPENDED';

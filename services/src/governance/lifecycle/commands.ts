import type {
  BacktestResult,
  DriftReport,
  ForwardRecord,
  PromotionTarget,
} from '@sentinel/contracts/governance';
import type { ApprovalRequestId, EventOf, HaltId } from '@sentinel/contracts/kernel';
import type { strategyEvents } from '@sentinel/contracts/strategy';
import type { Answer } from '../../approval/index.ts';

/** Configurations that were tried of a type, whether what came out was good or not. */
export type Tried = {
  readonly trials: number;
  /** Of the daily Sharpe ratios that were kept of them; null of fewer than two. */
  readonly variance: number | null;
};

/** What was measured for a promotion before its turn: the stream itself holds the backtests. */
export type GatheredEvidence = {
  /** What was tried of the same type, beside the backtests in the stream. */
  readonly tried: Tried;
  /** Null where the target asks for none. */
  readonly record: ForwardRecord | null;
  /** Null where the target asks for none. */
  readonly drift: DriftReport | null;
};

export type Promote = {
  readonly type: 'Promote';
  readonly target: Exclude<PromotionTarget, 'retired'>;
  readonly evidence: GatheredEvidence;
  readonly notes: string;
  readonly requestedBy: string;
  /** The id and the end of the request, should a human be needed. */
  readonly requestId: ApprovalRequestId;
  readonly expiresAt: Temporal.Instant;
  readonly at: Temporal.Instant;
  /** The wall's clock, by which people answer; `at` is the market's, by which evidence is dated. */
  readonly wall: Temporal.Instant;
};

/** A human says yes to a request; what it rests on is measured again. */
export type Approve = {
  readonly type: 'Approve';
  /** It is recorded beside what follows from it. */
  readonly answer: Answer;
  readonly evidence: GatheredEvidence;
  /** By the market's clock; the answer tells the wall's. */
  readonly at: Temporal.Instant;
};

/** A human says no: the request is over, and everything stays. */
export type Decline = { readonly type: 'Decline'; readonly answer: Answer };

type Stop = {
  readonly reason: string;
  readonly by: string;
  readonly haltId: HaltId;
  readonly at: Temporal.Instant;
};

export type LifecycleCommand =
  | {
      readonly type: 'Register';
      readonly strategy: EventOf<typeof strategyEvents>['data'];
      /** What a start brings in: the same again is left as it is. */
      readonly unlessKnown: boolean;
    }
  | { readonly type: 'RecordBacktest'; readonly result: BacktestResult }
  | Promote
  | Approve
  | Decline
  | (Stop & { readonly type: 'Suspend'; readonly drift: DriftReport | null })
  | (Stop & { readonly type: 'Retire' })
  | {
      readonly type: 'ExpireRequests';
      /** By the wall's clock. */
      readonly wall: Temporal.Instant;
    };

/** In order of precedence. */
export const lifecycleRefusals = [
  'STRATEGY_EXISTS',
  'UNKNOWN_STRATEGY',
  'RETIRED',
  'OTHER_CONFIGURATION',
  'UNKNOWN_REQUEST',
  'REQUEST_EXPIRED',
  'REQUEST_CHANGED',
  'HUMAN_REQUIRED',
  'SAME_PRINCIPAL',
  'NOT_NEXT',
  'CRITERIA_NOT_MET',
] as const;
export type LifecycleRefusal = (typeof lifecycleRefusals)[number];

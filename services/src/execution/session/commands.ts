import type {
  SessionClosed,
  VenueOrderState,
  VenueReport,
  VenueTerms,
} from '@sentinel/contracts/execution';
import type {
  ApprovalRequestId,
  DecisionId,
  HaltId,
  Money,
  OrderId,
  Outcome,
  Price,
  Sha256,
  TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction, Ticker } from '@sentinel/contracts/market';
import type {
  Halt,
  LimitsDocument,
  OrderIntent,
  RiskAssessed,
  RiskFacts,
} from '@sentinel/contracts/risk';
import type { SessionEvent } from './state.ts';

export type OpenSession = {
  readonly type: 'OpenSession';
  readonly account: string;
  readonly date: TradingDate;
  readonly at: Temporal.Instant;
  /** The books that this session continues, with their stream; null for an account's first. */
  readonly previous: { readonly stream: string; readonly closed: SessionClosed } | null;
  /** Cash of an account's first session. */
  readonly startingCash: Money;
  readonly limits: LimitsDocument;
  readonly halts: readonly Halt[];
  readonly venue: VenueTerms;
};

export type PlaceOrder = {
  readonly type: 'PlaceOrder';
  readonly purpose: RiskAssessed['purpose'];
  readonly intent: OrderIntent;
  readonly facts: RiskFacts;
  readonly orderId: OrderId;
  readonly decisionId: DecisionId;
  readonly idempotencyKey: string | null;
  /** Digest of the caller's arguments: a key that comes back with others is refused. */
  readonly paramsDigest: Sha256;
  readonly codeDigest: Sha256;
};

/** New terms for a working order, judged like a new one that takes the old one's place. */
export type ReplaceOrder = Omit<PlaceOrder, 'type' | 'purpose' | 'idempotencyKey'> & {
  readonly type: 'ReplaceOrder';
};

export type CancelOrder = {
  readonly type: 'CancelOrder';
  readonly orderId: OrderId;
  readonly reason: string;
  readonly at: Temporal.Instant;
};

/** What the venue has said, in the order in which it was heard. */
export type ReportVenue = {
  readonly type: 'ReportVenue';
  readonly reports: readonly VenueReport[];
};

/** What the venue answered when it was asked for orders of unknown outcome, and which it leaves waiting. */
export type Reconcile = {
  readonly type: 'Reconcile';
  readonly at: Temporal.Instant;
  readonly answers: readonly {
    readonly orderId: OrderId;
    /** Null when the venue has never heard of the order. */
    readonly found: VenueOrderState | null;
  }[];
  /** Market time after which an order that was not answered at all is unknown; null for never. */
  readonly answersWithinMs: number | null;
};

export type ApplyCorporateActions = {
  readonly type: 'ApplyCorporateActions';
  readonly actions: readonly CorporateAction[];
  readonly at: Temporal.Instant;
};

/** Charges a short position for having borrowed its shares since the last charge. */
export type ChargeBorrowing = {
  readonly type: 'ChargeBorrowing';
  readonly charges: readonly {
    readonly symbol: Ticker;
    readonly mark: Price;
    readonly annualFeeBps: number;
  }[];
  readonly nights: number;
  readonly at: Temporal.Instant;
};

export type CloseSession = {
  readonly type: 'CloseSession';
  readonly at: Temporal.Instant;
  readonly marks: SessionClosed['marks'];
};

export type SessionCommand =
  | OpenSession
  | PlaceOrder
  | ReplaceOrder
  | CancelOrder
  | ReportVenue
  | Reconcile
  | ApplyCorporateActions
  | ChargeBorrowing
  | { readonly type: 'EngageHalt'; readonly halt: Halt }
  | {
      readonly type: 'ReleaseHalt';
      readonly haltId: HaltId;
      readonly requestId: ApprovalRequestId;
      readonly releasedBy: string;
      readonly at: Temporal.Instant;
    }
  | {
      readonly type: 'AdoptLimits';
      readonly document: LimitsDocument;
      readonly at: Temporal.Instant;
    }
  | CloseSession;

/** In order of precedence. */
export const sessionRefusals = [
  'SESSION_NOT_OPEN',
  'CLOCK_BACKWARD',
  'IDEMPOTENCY_KEY_REUSED',
  'UNKNOWN_ORDER',
  'ORDER_NOT_WORKING',
] as const;
export type SessionRefusal = (typeof sessionRefusals)[number];

export type SessionDecision = Outcome<readonly SessionEvent[], SessionRefusal>;

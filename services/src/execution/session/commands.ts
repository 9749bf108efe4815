import type { StandingGrant } from '@sentinel/contracts/access';
import type {
  SessionClosed,
  UsedKey,
  VenueOrderState,
  VenueReport,
  VenueTerms,
  WorkingOrder,
} from '@sentinel/contracts/execution';
import type {
  ApprovalRequestId,
  DecisionId,
  HaltId,
  Money,
  OrderId,
  Outcome,
  Price,
  Quantity,
  Sha256,
  TradingDate,
  WindDownId,
} from '@sentinel/contracts/kernel';
import type { CorporateAction, Ticker } from '@sentinel/contracts/market';
import type {
  Halt,
  LimitsDocument,
  OrderIntent,
  RiskAssessed,
  RiskFacts,
} from '@sentinel/contracts/risk';
import type { Gathered } from './gathered.ts';
import type { AnswerProposal, Asking, ExpireProposals } from './proposal-commands.ts';
import type { SessionRefusal } from './refusals.ts';
import type { SessionEvent } from './state.ts';
import type { ClearTheWay, RequestWindDown, ResetPaper } from './wind-down-commands.ts';

export type OpenSession = {
  readonly type: 'OpenSession';
  readonly account: string;
  readonly date: TradingDate;
  readonly at: Temporal.Instant;
  /** The books that this session continues, with their stream; null for an account's first. */
  readonly previous: { readonly stream: string; readonly closed: SessionClosed } | null;
  /** Cash of an account's first session. */
  readonly startingCash: Money;
  /** The first instant after the session. */
  readonly endsAt: Temporal.Instant;
  readonly limits: LimitsDocument;
  readonly halts: readonly Halt[];
  readonly venue: VenueTerms;
};

/** Brings in orders of the session before; those that stand here already are passed over. */
export type CarryOrders = {
  readonly type: 'CarryOrders';
  readonly orders: readonly WorkingOrder[];
  readonly at: Temporal.Instant;
};

export type PlaceOrder = {
  readonly type: 'PlaceOrder';
  readonly purpose: RiskAssessed['purpose'];
  readonly intent: OrderIntent;
  readonly facts: RiskFacts;
  readonly gathered: Gathered;
  readonly orderId: OrderId;
  readonly decisionId: DecisionId;
  readonly idempotencyKey: string | null;
  /** The key's use in a session before this one; null when there is none. */
  readonly earlierUse: UsedKey | null;
  /** Digest of the caller's arguments: a key that comes back with others is refused. */
  readonly paramsDigest: Sha256;
  /** What the caller gave as a reason: data, which decides nothing. */
  readonly givenReason?: string | null | undefined;
  /** Present where it closes a position for a wish to wind down. */
  readonly windDownId?: WindDownId | undefined;
  /** How a human would be asked; absent for a preview, about which nobody is. */
  readonly asking?: Asking | undefined;
  readonly codeDigest: Sha256;
};

/** What is to change in a working order; what is absent stays as it is when its turn comes. */
export type OrderChanges = {
  /** The new total, with what is filled already. */
  readonly quantity?: Quantity | undefined;
  readonly limitPrice?: Price | undefined;
  /** Where a stop is to stand; of another type, where its owner means to get out. */
  readonly stopPrice?: Price | undefined;
};

/** New terms for a working order, judged like a new one that takes the old one's place. */
export type ReplaceOrder = {
  readonly type: 'ReplaceOrder';
  readonly orderId: OrderId;
  readonly changes: OrderChanges;
  readonly facts: RiskFacts;
  readonly gathered: Gathered;
  readonly decisionId: DecisionId;
  readonly codeDigest: Sha256;
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
  /** Symbols whose marks were asked for, whether or not the market had one. */
  readonly asked: readonly Ticker[];
};

export type SessionCommand =
  | OpenSession
  | CarryOrders
  | { readonly type: 'EnableTrading'; readonly at: Temporal.Instant }
  | PlaceOrder
  | ReplaceOrder
  | CancelOrder
  | RequestWindDown
  | AnswerProposal
  | ExpireProposals
  | ClearTheWay
  | ResetPaper
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
  | {
      readonly type: 'AdoptAccess';
      readonly told: StandingGrant;
      /** Wall clock. */
      readonly at: Temporal.Instant;
    }
  | CloseSession;

export type { SessionRefusal };

export type SessionDecision = Outcome<readonly SessionEvent[], SessionRefusal>;

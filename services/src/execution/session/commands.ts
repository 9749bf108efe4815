import type { SessionClosed, VenueTerms } from '@sentinel/contracts/execution';
import type {
  ApprovalRequestId,
  DecisionId,
  HaltId,
  Money,
  OrderId,
  Sha256,
  TradingDate,
} from '@sentinel/contracts/kernel';
import type { Quote } from '@sentinel/contracts/market';
import type {
  Halt,
  LimitsDocument,
  OrderIntent,
  RiskAssessed,
  RiskFacts,
} from '@sentinel/contracts/risk';
import type { VenueReport } from '../paper-venue.ts';

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

export type CancelOrder = {
  readonly type: 'CancelOrder';
  readonly orderId: OrderId;
  readonly reason: string;
  readonly at: Temporal.Instant;
};

/** What the venue said of one order, and the quote that it said it from. */
export type Look = {
  readonly orderId: OrderId;
  readonly reports: readonly VenueReport[];
  readonly quote: Quote;
};

export type ReportVenue = { readonly type: 'ReportVenue'; readonly looks: readonly Look[] };

export type CloseSession = {
  readonly type: 'CloseSession';
  readonly at: Temporal.Instant;
  readonly marks: SessionClosed['marks'];
};

export type SessionCommand =
  | OpenSession
  | PlaceOrder
  | CancelOrder
  | ReportVenue
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

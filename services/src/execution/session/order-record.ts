import type {
  OrderLink,
  OrderStatus,
  TakenExecution,
  WorkingOrder,
} from '@sentinel/contracts/execution';
import type { DecisionId, Money, OrderId, Price } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';

/** What is remembered of every order of the session, ended ones too: the answer to a repeated key. */
export type OrderRecord = {
  readonly orderId: OrderId;
  readonly decisionId: DecisionId;
  readonly intent: OrderIntent;
  readonly status: OrderStatus;
  readonly cumulativeQuantity: WorkingOrder['cumulativeQuantity'];
  readonly filledNotional: Money;
  readonly fees: Money;
  readonly fills: number;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly link: OrderLink | undefined;
  /** Where its stop stands. */
  readonly stopAt: Price | undefined;
  /** The venue's own id of it, once it has told it. */
  readonly venueOrderId: string | undefined;
  /** What whoever placed it gave as a reason; undefined where they gave none. */
  readonly givenReason: string | undefined;
  /** Others placed it in the account. */
  readonly external: boolean;
  /** Its executions that count, oldest first. */
  readonly executions: readonly TakenExecution[];
  /** Ids of executions that the venue has busted. */
  readonly busted: readonly string[];
  readonly submittedAt: Temporal.Instant;
  readonly updatedAt: Temporal.Instant;
};

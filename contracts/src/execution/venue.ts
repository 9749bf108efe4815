import type { OrderId, Price, Quantity, TradingDate } from '../kernel/index.ts';
import type { MarketBar, Quote } from '../market/index.ts';
import type { OrderIntent } from '../risk/index.ts';
import type { LastTrade } from './execution.ts';
import type { WorkingOrder } from './order.ts';

/**
 * A venue as the house sees it, paper or live: where orders go, and what is heard of them. FIX words
 * throughout: our order id is the ClOrdID, the venue's is the OrderID, an execution has an ExecID.
 *
 * To send is not to be answered: `submit`, `replace` and `cancel` resolve once the venue has the message,
 * and what it makes of it comes as a report. Each may be repeated, since the venue knows a ClOrdID that it
 * has seen. Reports may come twice, late and out of order: whoever takes them goes by ids.
 *
 * `View` is what an adapter needs to see of a session in order to collect. A live one needs the account;
 * the paper one, which has no book of its own, is given the orders of the log.
 *
 * Every call ends within a bound that its adapter sets and documents. @throws VenueUnavailable
 */
export type Venue<View extends VenueView = VenueView> = {
  /** Market time in which a working venue answers a new order; null where no such time is known. */
  readonly answersWithinMs: (view: View) => number | null;
  readonly submit: (view: View, order: WorkingOrder) => Promise<void>;
  /** Sends the terms that the order's pending replacement asks for. */
  readonly replace: (view: View, order: WorkingOrder) => Promise<void>;
  readonly cancel: (view: View, order: WorkingOrder) => Promise<void>;
  /** Where one order of ours stands; null when the venue has never heard of it. */
  readonly query: (view: View, orderId: OrderId) => Promise<VenueOrderState | null>;
  /** Every order that works in the account, those that others placed among them. */
  readonly massStatus: (view: View) => Promise<readonly VenueOrderState[]>;
  /**
   * What the venue has said that is not in the view yet, oldest first, at most some hundreds at once:
   * whoever wants all asks again once these are taken. `at` is the market's now; `closing` says that
   * nothing of this session is collected after.
   */
  readonly collect: (
    view: View,
    until: { readonly at: Temporal.Instant; readonly closing: boolean },
  ) => Promise<VenueNews>;
};

export type VenueNews = {
  readonly reports: readonly VenueReport[];
  /** To be called once they stand in the log: those for which it is not are told again. */
  readonly taken: () => void;
};

/** The least that any adapter needs to know. */
export type VenueView = { readonly account: string; readonly date: TradingDate };

/** FIX OrdStatus (39), by its names. */
export type OrdStatus =
  | 'pending_new'
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'done_for_day'
  | 'pending_cancel'
  | 'pending_replace'
  | 'canceled'
  | 'replaced'
  | 'rejected'
  | 'suspended'
  | 'stopped'
  | 'calculated'
  | 'expired';

export type VenueOrderState = {
  /** Ours; null for an order that others placed. */
  readonly orderId: OrderId | null;
  readonly venueOrderId: string;
  readonly ordStatus: OrdStatus;
  /** All that was said of it, oldest first: what is known already changes nothing. */
  readonly reports: readonly VenueReport[];
};

/**
 * What an order met at a venue that shows it: a quote, or a completed bar; or no market at all, and the
 * last trade from when there was one. A real venue does not show it.
 */
export type Met =
  | { readonly quote: Quote; readonly bar?: undefined; readonly lastTrade?: undefined }
  | { readonly bar: MarketBar; readonly quote?: undefined; readonly lastTrade?: undefined }
  | { readonly lastTrade: LastTrade; readonly quote?: undefined; readonly bar?: undefined };

type About = {
  /** Our order; null when the venue names none of ours, and then `venueOrderId` says which it is. */
  readonly orderId: OrderId | null;
  readonly venueOrderId: string | null;
  /** The venue's time of it, on the market's clock. */
  readonly at: Temporal.Instant;
  readonly met?: Met;
};

/** The terms of an order that others placed, and how far it had got when we heard of it. */
export type ExternalOrder = {
  readonly intent: OrderIntent;
  readonly submittedAt: Temporal.Instant;
  readonly cumulativeQuantity: Quantity;
  /** Price by which what is left of it is valued: its limit, its stop, or the last of the market. */
  readonly price: Price;
};

/** FIX ExecType (150). */
export type VenueReport = About &
  (
    | {
        readonly execType: 'new';
        /** Present exactly when others placed it. Fills from before are not ours and not told. */
        readonly external?: ExternalOrder;
      }
    | { readonly execType: 'replaced' | 'expired' }
    | {
        readonly execType:
          | 'rejected'
          | 'canceled'
          | 'cancel_rejected'
          | 'replace_rejected'
          /** Never the venue's word: its adapter got no answer in time. */
          | 'unknown';
        readonly reason: string;
      }
    | {
        /** `restated`: the venue has moved a trailing stop. */
        readonly execType: 'triggered' | 'restated';
        readonly stopAt: Price;
      }
    | {
        readonly execType: 'trade';
        readonly venueExecutionId: string;
        readonly quantity: Quantity;
        readonly price: Price;
      }
    | {
        readonly execType: 'trade_correct';
        readonly venueExecutionId: string;
        /** ExecRefID: the id under which the execution was first reported. */
        readonly corrects: string;
        readonly quantity: Quantity;
        readonly price: Price;
      }
    | {
        readonly execType: 'trade_cancel';
        readonly venueExecutionId: string;
        /** ExecRefID: the id under which the execution was first reported. */
        readonly busts: string;
        readonly reason: string;
      }
  );

/** The venue did not answer within its bound, or cannot be reached: what became of it is not known. */
export class VenueUnavailable extends Error {
  override readonly name = 'VenueUnavailable';
}

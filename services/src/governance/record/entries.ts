import type { sessionEvents } from '@sentinel/contracts/execution';
import {
  type DecisionId,
  type EventOf,
  type Money,
  money,
  type OrderId,
  type Price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { OrderIntent, RiskFacts, Side } from '@sentinel/contracts/risk';

type SessionEvent = EventOf<typeof sessionEvents>;

/** What was known when an order was decided, as far as a trade is measured by it. */
export type Decided = {
  readonly decisionId: DecisionId;
  /** The middle of bid and ask; null without a quote. */
  readonly mid: Price | null;
  /** Twice the daily ATR: what is at risk where nobody named a stop. */
  readonly usualRisk: Price | null;
  /** The stop of the signal that the order follows. */
  readonly signalStop: Price | null;
  /** Whether the regime suited the strategy; null where the order names no signal. */
  readonly suited: boolean | null;
};

export type Fill = {
  readonly orderId: OrderId;
  readonly venueExecutionId: string | null;
  readonly symbol: Ticker;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fees: Money;
  readonly at: Temporal.Instant;
};

/** What a session says of what strategies did: the rest of it is left out. */
export type Entry =
  | {
      readonly kind: 'opened';
      readonly date: TradingDate;
      readonly equity: Money;
      readonly positions: readonly {
        readonly symbol: Ticker;
        readonly quantity: Quantity;
        readonly cost: Money;
      }[];
    }
  | ({ readonly kind: 'decided' } & Decided)
  | {
      readonly kind: 'ordered';
      readonly orderId: OrderId;
      readonly decisionId: DecisionId;
      readonly intent: OrderIntent;
      /** An exit that stands beside what it gets out of. */
      readonly isExit: boolean;
    }
  | { readonly kind: 'terms'; readonly orderId: OrderId; readonly intent: OrderIntent }
  | ({ readonly kind: 'filled' } & Fill)
  | {
      readonly kind: 'changed';
      readonly orderId: OrderId;
      readonly refers: string;
      /** What is left of the execution: no shares when it was busted. */
      readonly quantity: Quantity;
      readonly price: Price | null;
      readonly fees: Money;
    }
  | { readonly kind: 'ended'; readonly orderId: OrderId }
  | {
      readonly kind: 'split';
      readonly symbol: Ticker;
      readonly newShares: bigint;
      readonly oldShares: bigint;
    }
  | { readonly kind: 'paid'; readonly symbol: Ticker; readonly fee: Money };

/** Types of which an entry is made; others need not be read. */
export const recordedTypes: ReadonlySet<string> = new Set<SessionEvent['type']>([
  'SessionOpened',
  'WorkingOrdersCarried',
  'RiskAssessed',
  'OrderSubmitted',
  'OrderReplaced',
  'OrderPartiallyFilled',
  'OrderFilled',
  'ExecutionBusted',
  'ExecutionCorrected',
  'OrderRejected',
  'OrderCanceled',
  'OrderExpired',
  'CorporateActionApplied',
  'BorrowFeeCharged',
]);

const middle = ({ quote }: RiskFacts): Price | null =>
  quote === null ? null : (((quote.bid + quote.ask) / 2n) as Price);

const decided = ({
  decisionId,
  facts,
}: Extract<SessionEvent, { type: 'RiskAssessed' }>['data']): Entry => ({
  kind: 'decided',
  decisionId,
  mid: middle(facts),
  usualRisk:
    facts.averageTrueRange === null ? null : ((facts.averageTrueRange.value * 2n) as Price),
  signalStop: facts.committee?.stop ?? null,
  suited: facts.committee?.compatible ?? null,
});

const ordered = (of: {
  readonly orderId: OrderId;
  readonly decisionId: DecisionId;
  readonly intent: OrderIntent;
  readonly link?: unknown;
}): Entry => ({
  kind: 'ordered',
  orderId: of.orderId,
  decisionId: of.decisionId,
  intent: of.intent,
  isExit: of.link !== undefined,
});

const books = ({
  date,
  equity,
  positions,
  workingOrders,
}: Extract<SessionEvent, { type: 'SessionOpened' }>['data']): readonly Entry[] => [
  { kind: 'opened', date, equity, positions },
  ...workingOrders.map(ordered),
];

const action = ({
  action: { symbol, split },
}: Extract<SessionEvent, { type: 'CorporateActionApplied' }>['data']): readonly Entry[] =>
  split === null
    ? []
    : [
        {
          kind: 'split',
          symbol,
          newShares: BigInt(split.newShares),
          oldShares: BigInt(split.oldShares),
        },
      ];

/** What an event of a session says of what strategies did. */
export const entriesOf = (event: SessionEvent): readonly Entry[] => {
  switch (event.type) {
    case 'SessionOpened':
      return books(event.data);
    case 'WorkingOrdersCarried':
      return event.data.orders.map(ordered);
    case 'RiskAssessed':
      return event.data.purpose === 'order' ? [decided(event.data)] : [];
    case 'OrderSubmitted':
      return [ordered(event.data)];
    case 'OrderReplaced':
      return [{ kind: 'terms', orderId: event.data.orderId, intent: event.data.intent }];
    case 'OrderPartiallyFilled':
    case 'OrderFilled': {
      const { lastQuantity, lastPrice: price, leavesQuantity, ...fill } = event.data;
      const filled: Entry = { kind: 'filled', ...fill, quantity: lastQuantity, price };
      return leavesQuantity > 0n
        ? [filled]
        : [filled, { kind: 'ended', orderId: event.data.orderId }];
    }
    case 'ExecutionBusted': {
      const { orderId, refers, lastQuantity } = event.data;
      // Of an execution that nobody had heard of: it took nothing back.
      if (lastQuantity === 0n) return [];
      const nothing = { quantity: quantity.zero, price: null, fees: money.zero };
      return [{ kind: 'changed', orderId, refers, ...nothing }];
    }
    case 'ExecutionCorrected': {
      const { orderId, refers, lastQuantity, lastPrice: price, fees } = event.data;
      return [{ kind: 'changed', orderId, refers, quantity: lastQuantity, price, fees }];
    }
    case 'OrderRejected':
    case 'OrderCanceled':
    case 'OrderExpired':
      return [{ kind: 'ended', orderId: event.data.orderId }];
    case 'CorporateActionApplied':
      return action(event.data);
    case 'BorrowFeeCharged':
      return [{ kind: 'paid', symbol: event.data.symbol, fee: event.data.fee }];
    default:
      return [];
  }
};

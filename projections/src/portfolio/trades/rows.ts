import {
  decisionIdSchema,
  eventIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  tradingDateSchema,
  z,
} from '@sentinel/contracts/kernel';
import { tickerSchema } from '@sentinel/contracts/market';
import { sideSchema } from '@sentinel/contracts/risk';

/** What was bought, or sold, of one trade: in today's shares, whatever was split since. */
const leg = z.strictObject({
  shares: quantitySchema,
  /** Gross value of these fills. */
  value: moneySchema,
  /** The same shares at the prices that were decided on, as far as those are known. */
  decided: moneySchema,
  /** By how much the fills were worse than those prices, in dollars; negative when better. */
  slippage: moneySchema,
});
export type Leg = z.output<typeof leg>;

/** One round trip: from flat, or from the other side, to flat again. */
export const tradeRow = z.strictObject({
  /** The event that opened it. */
  tradeId: eventIdSchema,
  account: z.string(),
  symbol: tickerSchema,
  side: z.enum(['long', 'short']),
  /** Of the order that opened it. */
  strategyId: z.string().nullable(),
  openingOrderId: orderIdSchema,
  decisionId: decisionIdSchema.nullable(),
  closingOrderId: orderIdSchema.nullable(),
  /** The event that closed it; null while it is open. */
  closedBy: eventIdSchema.nullable(),
  /** Which exit closed it; null for another order, and while it is open. */
  exit: z.enum(['take_profit', 'stop_loss']).nullable(),
  /** What is held now, signed, and its cost as the books have it. */
  quantity: quantitySchema,
  cost: moneySchema,
  entry: leg,
  exited: leg,
  /** Where its first order meant to get out; null when it did not say. */
  stop: priceSchema.nullable(),
  /** What the entries risked down to their stops; null when one had none. */
  risk: moneySchema.nullable(),
  /** As the books reckon it: before fees, by average cost. */
  realizedPnl: moneySchema,
  fees: moneySchema,
  borrowFees: moneySchema,
  /** Received, less what a short position paid. */
  dividends: moneySchema,
  fills: z.int(),
  openedAt: instantSchema,
  /** The session in which it opened, and the one in which it closed. */
  openedOn: tradingDateSchema,
  closedAt: instantSchema.nullable(),
  closedOn: tradingDateSchema.nullable(),
});
export type Trade = z.output<typeof tradeRow>;

/** An order as far as a trade needs it. */
const orderRow = z.strictObject({
  orderId: orderIdSchema,
  decisionId: decisionIdSchema.nullable(),
  strategyId: z.string().nullable(),
  side: sideSchema,
  limit: priceSchema.nullable(),
  /** Where it begins to trade; of a stop that trails, where it last did. */
  trigger: priceSchema.nullable(),
  /** Where it means to get out. */
  stop: priceSchema.nullable(),
  /** The far side of the quote when it was decided. */
  reference: priceSchema.nullable(),
  role: z.enum(['take_profit', 'stop_loss']).nullable(),
  ended: z.boolean(),
});
export type TradeOrder = z.output<typeof orderRow>;

/** What is going on in one symbol of an account. */
export const bookRow = z.strictObject({
  account: z.string(),
  symbol: tickerSchema,
  open: tradeRow.nullable(),
  /** The trade that closed last, by its key: a bust may open it again. */
  last: z.strictObject({ key: z.string(), trade: tradeRow }).nullable(),
  orders: orderRow.array(),
  /** The assessment that came last: the order that follows from it comes next. */
  assessed: z
    .strictObject({
      decisionId: decisionIdSchema,
      reference: priceSchema.nullable(),
      stop: priceSchema.nullable(),
    })
    .nullable(),
});
export type Book = z.output<typeof bookRow>;

/** A symbol's book, or a closed trade. */
export const row = z.strictObject({ book: bookRow.nullable(), trade: tradeRow.nullable() });
export type TradesRow = z.output<typeof row>;

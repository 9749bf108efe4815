import type { WorkingOrder } from '@sentinel/contracts/execution';
import { money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { SessionEvent } from '../execution/index.ts';
import type { Told } from './story-line.ts';

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { readonly type: Type }>;

const roles = { take_profit: 'its take profit', stop_loss: 'its stop loss' } as const;

export type NameOf = (orderId: OrderId) => string;

/** What each order of a story is called in it: the one that was decided on, and its exits. */
export const namesOf = (told: readonly Told[], [first]: readonly OrderId[]): NameOf => {
  const names = new Map<OrderId, string>();
  for (const { event } of told)
    if (event.type === 'OrderSubmitted' && event.data.link !== undefined)
      names.set(event.data.orderId, roles[event.data.link.role]);
  return (id) => (id === first ? 'the order' : (names.get(id) ?? `its order ${id}`));
};

/** Words of others are shown as a quotation, on one line: data, whatever they say. */
export const inTheirWords = (givenReason: string | null): string => {
  if (givenReason === null) return '';
  const shown =
    givenReason.length > mostWords ? `${givenReason.slice(0, mostWords)}…` : givenReason;
  return ` The reason given with it: ${JSON.stringify(shown)}.`;
};

/** Characters told of somebody's words. */
const mostWords = 300;

/** Its terms, as far as they say at which price: "market", "stop at 95". */
export const termsOf = ({ orderType, limitPrice, triggerPrice }: OrderIntent): string =>
  [
    orderType,
    ...(triggerPrice === undefined ? [] : [`at ${price.format(triggerPrice)}`]),
    ...(limitPrice === null ? [] : [`at ${price.format(limitPrice)} or better`]),
  ].join(' ');

const carriedTerms = (order: WorkingOrder): string => {
  const stop = order.stopAt === undefined ? {} : { triggerPrice: order.stopAt };
  return `${quantity.format(order.leavesQuantity)} by ${termsOf({ ...order.intent, ...stop })}`;
};

const submitted = ({ data }: EventOf<'OrderSubmitted'>, name: string): string => {
  const { intent, reservedCash, givenReason, link } = data;
  if (link !== undefined)
    return `${name}, ${intent.side} ${quantity.format(intent.quantity)} by ${termsOf(intent)}, went to the paper venue.`;
  return `${name} went to the paper venue, setting aside ${money.format(reservedCash)} dollars.${inTheirWords(givenReason)}`;
};

const execution = (
  { data }: EventOf<'OrderFilled'> | EventOf<'OrderPartiallyFilled'>,
  name: string,
): string => {
  const { lastQuantity, lastPrice, fees, leavesQuantity, quote, bar, lastTrade } = data;
  const met =
    quote !== null
      ? `${price.format(quote.bid)}/${price.format(quote.ask)}`
      : lastTrade !== null
        ? `the last trade, of ${lastTrade.at}, since nobody traded it any more`
        : `the bar of ${bar?.start}`;
  return `${name} traded ${quantity.format(lastQuantity)} at ${price.format(lastPrice)}, with ${money.format(fees)} dollars of fees, against ${met}; ${quantity.format(leavesQuantity)} left.`;
};

const busted = ({ data }: EventOf<'ExecutionBusted'>): string => {
  const { lastQuantity, lastPrice, refers, reason } = data;
  const what =
    lastPrice === null
      ? 'of which nothing had been heard'
      : `of ${quantity.format(lastQuantity)} at ${price.format(lastPrice)}`;
  return `the venue took back execution ${refers}, ${what}: ${reason}`;
};

const corrected = ({ data }: EventOf<'ExecutionCorrected'>): string => {
  const { before, lastQuantity, lastPrice, refers } = data;
  return `the venue corrected execution ${refers} from ${quantity.format(before.quantity)} at ${price.format(before.price)} to ${quantity.format(lastQuantity)} at ${price.format(lastPrice)}.`;
};

const acted = ({ data }: EventOf<'CorporateActionApplied'>, date: string): string => {
  const { symbol, split, dividend } = data.action;
  if (split !== null)
    return `${symbol} was split ${split.newShares} for ${split.oldShares} before trading began on ${date}.`;
  return `${symbol} paid ${dividend === null ? 'nothing' : price.format(dividend)} a share before trading began on ${date}.`;
};

/** A judgement of other terms for an order of the story. */
const judged = ({ data }: EventOf<'RiskAssessed'>, by: string, name: string): string => {
  const { outcome, denialCode, decisionId, intent } = data;
  const came =
    outcome === 'APPROVED'
      ? 'approved'
      : outcome === 'DENIED'
        ? `denied by ${denialCode}, and its terms stayed`
        : 'left to a human, and its terms stayed';
  return `${by} asked to change ${name} to ${quantity.format(intent.quantity)} by ${termsOf(intent)}: ${came} (decision ${decisionId}).`;
};

/** What an order was told in words of its own: by its caller, the venue or the house. */
const ends: Partial<Record<SessionEvent['type'], string>> = {
  OrderReplaceRejected: 'keeps its terms, since the change was rejected',
  OrderRejected: 'was rejected by the venue',
  OrderPendingCancel: 'was asked to be canceled',
  OrderCancelRejected: 'works on, since the cancel was rejected',
  OrderCanceled: 'was canceled',
  OrderOutcomeUnknown: 'has an unknown outcome',
};

const sentenceOf = (
  { told, name }: { readonly told: Told; readonly name: string },
  carried: readonly WorkingOrder[],
  nameOf: NameOf,
): string => {
  const { event, date } = told;
  switch (event.type) {
    case 'RiskAssessed':
      return judged(event, told.by, nameOf(event.data.replaces as OrderId));
    case 'SessionOpened':
    case 'WorkingOrdersCarried':
      return `carried into the session of ${date}: ${carried.map((order) => `${nameOf(order.orderId)}, ${carriedTerms(order)}`).join('; ')}.`;
    case 'CorporateActionApplied':
      return acted(event, date);
    case 'OrderSubmitted':
      return submitted(event, name);
    case 'OrderProposed':
      return `${name} waited for a human as request ${event.data.requestId}, and nothing was submitted.${inTheirWords(event.data.givenReason)}`;
    case 'OrderDenied':
      return `${name} was denied with ${event.data.code} and not submitted.${inTheirWords(event.data.givenReason)}`;
    case 'OrderAccepted':
      return `${name} was accepted by the venue at ${event.data.at}${event.data.venueOrderId === null ? '' : ` as ${event.data.venueOrderId}`}.`;
    case 'OrderPartiallyFilled':
    case 'OrderFilled':
      return execution(event, name);
    case 'OrderAdopted':
      return `others had placed ${name} in the account, where the venue calls it ${event.data.venueOrderId}: it counts from here on.`;
    case 'ExecutionBusted':
      return busted(event);
    case 'ExecutionCorrected':
      return corrected(event);
    case 'OrderTriggered':
      return `the market reached the stop of ${name} at ${price.format(event.data.stopAt)}, and it began to trade.`;
    case 'OrderStopMoved':
      return `the trailing stop of ${name} moved to ${price.format(event.data.stopAt)}.`;
    case 'OrderPendingReplace':
      return `${name} was asked to be changed to ${quantity.format(event.data.intent.quantity)} by ${termsOf(event.data.intent)}.`;
    case 'OrderReplaced':
      return `${name} now has ${quantity.format(event.data.leavesQuantity)} shares left to trade, by ${termsOf(event.data.intent)}.`;
    case 'OrderExpired':
      return `${name} expired with the session of ${date}.`;
    default: {
      const reason = 'reason' in event.data ? `: ${event.data.reason}` : '.';
      return `${name} ${ends[event.type] ?? event.type}${reason}`;
    }
  }
};

/** Orders of the story among those that an event carries over a night. */
const carriedIn = ({ event }: Told, orders: ReadonlySet<OrderId>): readonly WorkingOrder[] => {
  const all =
    event.type === 'WorkingOrdersCarried'
      ? event.data.orders
      : event.type === 'SessionOpened'
        ? event.data.workingOrders
        : [];
  return all.filter(({ orderId }) => orders.has(orderId));
};

/** A sentence as it stands in a line of its own. */
export const capitalised = (said: string): string =>
  `${said.charAt(0).toUpperCase()}${said.slice(1)}`;

/** Says each event of a story in one sentence, which may follow upon other words. */
export const saying = (
  told: readonly Told[],
  orders: readonly OrderId[],
): ((of: Told) => string) => {
  const nameOf = namesOf(told, orders);
  const ours = new Set(orders);
  return (of) => {
    const { data } = of.event;
    const name =
      'orderId' in data && data.orderId !== undefined ? nameOf(data.orderId as OrderId) : 'it';
    return sentenceOf({ told: of, name }, carriedIn(of, ours), nameOf);
  };
};

import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import {
  exchangeMidnight,
  isBefore,
  type Outcome,
  type Price,
  price,
  refused,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { timeframeMinutes } from '@sentinel/contracts/market';
import type { OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import { buys, closingWindow } from '../venue/index.ts';
import type { OrderChanges } from './commands.ts';

type Refused = Extract<Outcome<never, 'INVALID_ARGUMENT'>, { ok: false }>;
type Facts = Pick<RiskFacts, 'at' | 'session' | 'quote'>;

const no = (what: string, remedy: string): Refused => refused('INVALID_ARGUMENT', what, remedy);

/**
 * Why an order could never do what it asks for on this market and venue, or would do it at once; undefined
 * when it can. A mistake of the caller rather than a risk, and so told before anything is assessed.
 */
export const entryRefusal = (
  intent: OrderIntent,
  facts: Facts,
  venue: VenueTerms,
): Refused | undefined =>
  auctionRefusal(intent, facts) ?? barsRefusal(intent, facts, venue) ?? sideRefusal(intent, facts);

/** An auction needs an opening or a closing, and an order that reaches it in time. */
const auctionRefusal = (
  { timeInForce }: OrderIntent,
  { at, session: { opensAt, closesAt } }: Facts,
): Refused | undefined => {
  if (timeInForce === 'opg' && opensAt === null)
    return no(
      'This market never closes, so that it has no opening to trade at.',
      'Use order_type market or limit.',
    );
  if (timeInForce !== 'cls') return undefined;
  if (closesAt === null)
    return no(
      'This market never closes, so that it has no close to trade at.',
      'Use order_type market or limit.',
    );
  const last = closesAt.subtract(closingWindow);
  return isBefore(at, last)
    ? undefined
    : no(
        `The close takes orders until ${last}, and it is ${at}.`,
        'Use order_type market, or wait for the next session.',
      );
};

const nextDay = (date: TradingDate): TradingDate =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString() as TradingDate;

/** On bars an order meets those alone that begin after it, and one of the day needs one that day. */
const barsRefusal = (
  { timeInForce }: OrderIntent,
  { at, session }: Facts,
  { bars }: VenueTerms,
): Refused | undefined => {
  if (bars === undefined || timeInForce === 'gtc' || timeInForce === 'opg' || timeInForce === 'cls')
    return undefined;
  const begins = (session.opensAt ?? exchangeMidnight(session.date)).epochMilliseconds;
  const ends = (session.closesAt ?? exchangeMidnight(nextDay(session.date))).epochMilliseconds;
  const lengthMs = bars === '1Day' ? ends - begins : timeframeMinutes[bars] * 60_000;
  const next = begins + Math.ceil((at.epochMilliseconds - begins) / lengthMs) * lengthMs;
  if (next < ends) return undefined;
  return no(
    `Orders are filled on ${bars} bars that begin after them, and none begins in the session of ${session.date} any more: a ${timeInForce} order could not trade.`,
    'Use time_in_force gtc, or order_type market_on_close or market_on_open where the market has them.',
  );
};

const shown = (each: Price): string => price.format(each);

/** Whether a stop of that side at `stop` would be reached by the last price as it is. */
const isReached = (buying: boolean, stop: Price, last: Price): boolean =>
  buying ? last >= stop : last <= stop;

type Shown = NonNullable<Facts['quote']>;

/** A stop beyond the market would trade at once, and an exit beyond its entry would lose or win nothing. */
const sideRefusal = (intent: OrderIntent, { quote }: Facts): Refused | undefined =>
  quote === null || quote.last <= 0n
    ? undefined
    : (stopRefusal(intent, quote) ?? exitsRefusal(intent, quote));

/**
 * The same for new terms of an order that works: whatever they move must stand on its side of the market,
 * and what they leave where it is may have been passed by.
 */
export const moveRefusal = (
  { changes, intent }: { readonly changes: OrderChanges; readonly intent: OrderIntent },
  { orderId, link }: WorkingOrder,
  { quote }: Facts,
): Refused | undefined => {
  const { limitPrice, stopPrice } = changes;
  if (quote === null || quote.last <= 0n) return undefined;
  if (limitPrice === undefined && stopPrice === undefined) return undefined;
  const isLeg = link !== undefined && link.parentId !== orderId;
  return (
    (stopPrice === undefined ? undefined : stopRefusal(intent, quote)) ??
    (isLeg && limitPrice !== undefined
      ? takeProfitRefusal(intent, limitPrice, quote)
      : undefined) ??
    exitsRefusal(intent, quote)
  );
};

const stopRefusal = (intent: OrderIntent, { last }: Shown): Refused | undefined => {
  const { triggerPrice } = intent;
  const buying = buys(intent);
  if (triggerPrice === undefined || !isReached(buying, triggerPrice, last)) return undefined;
  return no(
    `A stop to ${buying ? 'buy must be above' : 'sell must be below'} the last price, which is ${shown(last)}: at ${shown(triggerPrice)} it would trade at once.`,
    'Use order_type market or limit to trade now, or another stop_price.',
  );
};

/** The leg of a bracket waits for a gain: beyond the market it would be an order to trade at once. */
const takeProfitRefusal = (
  intent: OrderIntent,
  limitPrice: Price,
  { bid, ask }: Shown,
): Refused | undefined => {
  const buying = buys(intent);
  if (buying ? limitPrice < ask : limitPrice > bid) return undefined;
  const met = buying ? ask : bid;
  return no(
    `A take_profit that ${buying ? 'buys must be below' : 'sells must be above'} the market, which is at ${shown(met)}: at ${shown(limitPrice)} it would trade at once.`,
    'Give another limit_price; to trade now, cancel it and use order_type market.',
  );
};

const exitsRefusal = (intent: OrderIntent, quote: Shown): Refused | undefined => {
  const { triggerPrice, exits } = intent;
  const { last } = quote;
  const buying = buys(intent);
  // What trades later meets a price that nobody knows yet.
  const isLater =
    intent.trail !== undefined || intent.timeInForce === 'opg' || intent.timeInForce === 'cls';
  if (isLater) return undefined;
  const stopLoss = exits?.stopLoss ?? null;
  const takeProfit = exits?.takeProfit ?? null;
  // A sale of what is held is an exit itself, and its stop sells as well.
  const isExit = intent.side === 'sell';
  const entry = entryPrice(intent, quote);
  const sells = isExit || buying;
  const met = triggerPrice ?? (isExit ? last : nearer(sells, entry, last));
  if (stopLoss !== null && isReached(!sells, stopLoss, met))
    return no(
      `A stop_loss that ${sells ? 'sells must be below' : 'buys must be above'} the price at which the order trades, which is ${shown(met)} now: at ${shown(stopLoss)} it would trade at once.`,
      'Give a stop_loss on the other side of the market.',
    );
  if (takeProfit !== null && !isExit && (sells ? takeProfit <= entry : takeProfit >= entry))
    return no(
      `A take_profit that ${sells ? 'sells must be above' : 'buys must be below'} the price at which the order trades, which is ${shown(entry)} now: at ${shown(takeProfit)} it would gain nothing.`,
      'Give a take_profit on the other side of the market.',
    );
  return undefined;
};

/** Of two prices the one that a protective stop would meet first. */
const nearer = (sells: boolean, a: Price, b: Price): Price => (a < b === sells ? a : b);

/** Where an order would trade now: at its stop, or at the far side, no further than its limit. */
const entryPrice = (
  { side, limitPrice, triggerPrice }: OrderIntent,
  { bid, ask }: NonNullable<Facts['quote']>,
): Price => {
  if (triggerPrice !== undefined) return triggerPrice;
  const far = side === 'buy' ? ask : bid;
  if (limitPrice === null) return far;
  return nearer(side === 'buy', far, limitPrice);
};

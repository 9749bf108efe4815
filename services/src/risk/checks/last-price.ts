import { exchangeMidnight, isBefore, type Price, price } from '@sentinel/contracts/kernel';
import type { RiskLimits } from '@sentinel/contracts/risk';
import type { CheckInput } from './check.ts';

/** From when on a symbol without a print counts as one that nobody trades today: as long as the guard waits. */
const silentFrom = (
  { opensAt, date }: CheckInput['facts']['session'],
  { guard, maxQuoteAgeMs }: RiskLimits,
): Temporal.Instant =>
  (opensAt ?? exchangeMidnight(date)).add({
    milliseconds: Math.max(maxQuoteAgeMs, (guard?.staleSeconds ?? 0) * 1_000),
  });

/** An order that can wait for the close: no stop, no exits, nothing that must trade at once. */
const canWait = ({ orderType, timeInForce, exits }: CheckInput['intent']): boolean =>
  ['market', 'limit', 'market_on_close'].includes(orderType) &&
  ['day', 'gtc', 'cls'].includes(timeInForce) &&
  exits === undefined;

type Last = { readonly price: Price } | { readonly why: string };

/**
 * The price at which a holding that nobody trades is closed at the end of the session, or why there is
 * none. It takes a market that says that the symbol has ended, or a session without any print of it for
 * longer than a first print may take: a quote that is merely late is no reason. Whoever trades the symbol
 * before the close trades in the market.
 */
export const lastPriceOf = (input: CheckInput): Last => {
  const { intent, facts, limits, reducing } = input;
  const { lastTrade, session, at } = facts;
  const none = `There is no quote for ${intent.symbol}.`;
  if (!reducing || lastTrade === null || lastTrade === undefined) return { why: none };
  if (!canWait(intent))
    return { why: `${none} A market or limit order of the day, gtc or on the close closes it.` };
  const opened = session.opensAt ?? exchangeMidnight(session.date);
  if (lastTrade.ended) return { price: lastTrade.price };
  if (!isBefore(lastTrade.at, opened))
    return { why: `${none} It has traded today, so that an exit has to wait for the next quote.` };
  const from = silentFrom(session, limits);
  if (isBefore(at, from))
    return { why: `${none} If it has not traded by ${from}, an exit at its last price is taken.` };
  return { price: lastTrade.price };
};

/** What is said of an order that will be filled at the last price. */
export const closesAt = (last: Price, { intent, facts: { lastTrade } }: CheckInput): string =>
  `Nobody trades ${intent.symbol}: what is held is closed at the end of the session at its last price, ${price.format(last)} of ${lastTrade?.at}, unless it trades before.`;

import { divide, type Price, price } from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskLimits } from '@sentinel/contracts/risk';
import { type Check, type CheckInput, measured, notApplicable, skipped } from './check.ts';
import { lastPriceOf } from './last-price.ts';

const twentyFive = price.of('25');
const five = price.of('5');

/** The middle of the quote: what the order's price is held against. */
const referenceOf = ({ facts }: Pick<CheckInput, 'facts'>): Price | null =>
  facts.quote === null ? null : (((facts.quote.bid + facts.quote.ask) / 2n) as Price);

const widthOf = (reference: Price, collar: NonNullable<RiskLimits['collar']>): number =>
  reference < five ? collar.under5Bps : reference < twentyFive ? collar.under25Bps : collar.bps;

/** The worst price at which the order may trade, brought to the grid inside the collar. */
const worstOf = (intent: OrderIntent, reference: Price, widthBps: number): Price => {
  const width = divide(reference * BigInt(widthBps), 10_000n, 'down');
  return intent.side === 'buy'
    ? price.toTick((reference + width) as Price, 'down')
    : price.toTick((reference - width) as Price, 'up');
};

type Start = (input: CheckInput) => Price | null;

/** A limit after a stop is held against the stop, where the order begins to trade. */
const startOf: Start = (input) => input.intent.triggerPrice ?? referenceOf(input);

/** What nobody trades is held against its last price, where it is closed at that. */
const startOrLast: Start = (input) => {
  if (input.facts.lastTrade === undefined) return startOf(input);
  const last = lastPriceOf(input);
  return 'price' in last ? last.price : null;
};

/**
 * Holds a limit within reach of the reference on the side on which it would lose (RTS 6, article
 * 15(1)(a)). The other side is free: a limit that waits far away trades at its own price or better.
 */
const collarFrom = (startsAt: Start): Check => ({
  hard: true,
  unit: 'usd/share',
  judgesReducing: true,
  find: (input) => {
    const { intent, limits } = input;
    if (limits.collar === undefined) return notApplicable('The limits in force say nothing of it.');
    const reference = startsAt(input);
    if (reference === null) return skipped('Without a quote there is no reference price.');
    const widthBps = widthOf(reference, limits.collar);
    const worst = worstOf(intent, reference, widthBps);
    if (intent.limitPrice === null)
      return notApplicable(
        input.reducing
          ? 'The order has no limit, and an exit gets none.'
          : `The order has no limit and gets a protective one at ${price.format(worst)}.`,
      );
    const passes = intent.side === 'buy' ? intent.limitPrice <= worst : intent.limitPrice >= worst;
    return measured(
      passes,
      { value: price.format(intent.limitPrice), limit: price.format(worst) },
      `The limit may lie up to ${widthBps} bps beyond ${price.format(reference)}.`,
    );
  },
});

export const priceCollar: Check = collarFrom(startOf);
/** Since risk-6: of what is closed at its last price too. */
export const priceCollarOrLast: Check = collarFrom(startOrLast);

/**
 * The order with a protective limit, where it has none of its own and opens a position: it does not
 * follow a market that runs away. An exit gets none, since getting out comes first; a stop gets none,
 * since it waits for another market than today's.
 */
export const withCollar = (intent: OrderIntent, input: CheckInput): OrderIntent => {
  const reference = referenceOf(input);
  const { collar } = input.limits;
  const runs = ['market', 'market_on_open', 'market_on_close'].includes(intent.orderType);
  if (!runs || input.reducing || collar === undefined || reference === null) return intent;
  return { ...intent, collar: worstOf(intent, reference, widthOf(reference, collar)) };
};

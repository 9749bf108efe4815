import { money, notional, quantity } from '@sentinel/contracts/kernel';
import { expectedPrice } from '../reserve.ts';
import { type Check, measured, notApplicable, skipped } from './check.ts';
import { noMark } from './share-of-equity.ts';

const unlimited = 'The limits in force say nothing of it.';

/** Value of one order at the price at which it would trade (RTS 6, article 15(1)(b)). */
export const maxOrderValue: Check = {
  hard: true,
  unit: 'usd',
  judgesReducing: false,
  find: ({ intent, facts, limits, exposure }) => {
    if (limits.order === undefined) return notApplicable(unlimited);
    const each = expectedPrice(intent, facts);
    if (each === null) return skipped('The order cannot be priced without a quote.');
    if (exposure === null) return skipped(noMark);
    const ofEquity = money.atBps(exposure.equity, BigInt(limits.order.maxValueBps), 'down');
    const most = money.max(money.zero, money.min(limits.order.maxValue, ofEquity));
    const value = notional(each, intent.quantity, 'up');
    return measured(
      value <= most,
      { value: money.format(value), limit: money.format(most) },
      `The order is worth ${money.format(value)} dollars; at most ${money.format(most)}, the smaller of ${money.format(limits.order.maxValue)} and ${limits.order.maxValueBps} bps of equity.`,
    );
  },
};

/** Shares of one order (RTS 6, article 15(1)(c)). */
export const maxOrderVolume: Check = {
  hard: true,
  unit: 'shares',
  judgesReducing: false,
  find: ({ intent, limits }) => {
    if (limits.order === undefined) return notApplicable(unlimited);
    const most = limits.order.maxQuantity;
    return measured(
      intent.quantity <= most,
      { value: quantity.format(intent.quantity), limit: quantity.format(most) },
      `One order may be of ${quantity.format(most)} shares.`,
    );
  },
};

/** Whether the order could trade with one of our own that works (FINRA rule 5210). */
export const selfMatch: Check = {
  hard: true,
  unit: 'count',
  judgesReducing: false,
  find: ({ intent, facts, account }) => {
    const own = account.reservations.filter(
      ({ symbol, side }) =>
        symbol === intent.symbol && (side === 'buy') !== (intent.side === 'buy'),
    );
    if (own.length === 0)
      return measured(true, { value: '0', limit: '0' }, 'No order of ours works the other side.');
    const price = expectedPrice(intent, facts);
    if (price === null) return skipped('The order cannot be priced without a quote.', '0');
    const crossed = own.filter(({ limitPrice, dormant }) => {
      // A stop that does not trade yet meets nothing.
      if (dormant === true) return false;
      if (limitPrice === null) return true;
      return intent.side === 'buy' ? price >= limitPrice : price <= limitPrice;
    });
    return measured(
      crossed.length === 0,
      { value: `${crossed.length}`, limit: '0' },
      `It would trade with ${crossed.length} working order(s) of our own.`,
    );
  },
};

import { type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { sellableQuantity } from '../account.ts';
import { type Check, type Finding, measured, notApplicable } from './check.ts';

export const unresolvedOrder: Check = {
  hard: true,
  unit: 'count',
  judgesReducing: false,
  find: ({ intent, account }) => {
    const open = account.reservations.filter(
      (each) => each.unresolved && each.symbol === intent.symbol,
    ).length;
    return measured(
      open === 0,
      { value: `${open}`, limit: '0' },
      `${open} order(s) in ${intent.symbol} have an unknown outcome.`,
    );
  },
};

export const shortSale: Check = {
  hard: true,
  unit: 'shares',
  judgesReducing: true,
  find: ({ intent, limits, account }) => {
    if (intent.side === 'buy') return notApplicable('A buy sells nothing short.');
    if (intent.side === 'sell_short') return marked(limits);
    const sellable = sellableQuantity(account, intent.symbol);
    return measured(
      intent.quantity <= sellable,
      { value: quantity.format(intent.quantity), limit: quantity.format(sellable) },
      `${quantity.format(sellable)} shares can be sold; a plain sell never goes short.`,
    );
  },
};

/** An order that is marked as a short sale needs an account that may sell short. */
const marked = ({ margin }: RiskLimits): Finding =>
  measured(
    margin !== undefined,
    { value: '0', limit: '0' },
    margin === undefined
      ? 'Selling short is not offered on this account.'
      : 'The order is marked as a short sale.',
  );

export const tickSize: Check = {
  hard: true,
  unit: 'usd/share',
  judgesReducing: true,
  find: ({ intent }) => {
    const prices = [intent.limitPrice, intent.triggerPrice, ...Object.values(intent.exits ?? {})];
    const given = prices.filter((each): each is Price => each !== null && each !== undefined);
    const worst = given.find((each) => !price.isOnTick(each)) ?? given[0];
    if (worst === undefined) return notApplicable('The order has no limit price.');
    const tick = price.tickOf(worst) as Price;
    return measured(
      price.isOnTick(worst),
      { value: price.format(worst), limit: price.format(tick) },
      `A price of this size moves in steps of ${price.format(tick)} dollars.`,
    );
  },
};
